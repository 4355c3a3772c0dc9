// RevocationLists
