// JPKIProfile
