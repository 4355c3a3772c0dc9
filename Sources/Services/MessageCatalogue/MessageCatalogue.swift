// MessageCatalogue
