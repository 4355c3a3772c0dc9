// RevocationUpdating
