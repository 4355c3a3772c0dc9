print("akashi")
