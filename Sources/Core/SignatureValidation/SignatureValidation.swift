// SignatureValidation
