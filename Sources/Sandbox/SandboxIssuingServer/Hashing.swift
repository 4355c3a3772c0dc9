import SignatureAlgorithms

func sha256(_ octets: [UInt8]) -> [UInt8] { HashAlgorithm.sha256.digest(of: octets) }
