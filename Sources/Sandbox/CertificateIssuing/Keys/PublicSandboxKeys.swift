/// Throw-away private keys that are published with this source code: PUBLIC SANDBOX MATERIAL.
///
/// Whoever has the program has the keys. No production trust anchor may rest on one of them, which the
/// predicate ``SandboxOrganization`` lets the server refuse.
enum PublicSandboxKeys {
    /// RSA-2048 keys as base64 of PKCS#8 DER.
    static let rsa2048: [String] = part1 + part2

    /// An RSA-1024 key, for fixtures that must be refused.
    static let insecureRSA1024 =
        """
        MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAN08bLzMa41H/+asnwHFegC43aRlSy05kz1hS4vkj1H/kfaxk1YwnRAFpkKk\
        R8JCQk7ebB8KQm4tni19OdYdSIa3YxMNIu5fEypbWRgghhC8129w08YyYHSviF5Ediw93D0iqqptVy/AxTJcMRGTGk7AQk8gfStxAOI+ItAd\
        vElxAgMBAAECgYBQA+W0Fx8jFxJXxMExq9GnZzVKmxQohDVbss/XBdBMMOoC1lDakHSN8e0jFzWY7cv7qHhkdZp3LOqTu0HqzeaHnq1kQccF\
        5z0BvmHfV8x6H5CyVDx8PnWLpUs1xDpmAEo6tIwFG0Hc+w3BWe/dgSOPW6tMqEIqQHF3qxCmE7oqfQJBAPDASUMFdoRZrZYvOWdchsJD9LFz\
        uZms3EKN+wPuaQ4TnDv0igKLXnUtynDVYItXW3Qw1Zsn63wUS7RRqOyJXO8CQQDrP7TxbN1iqIq4ULjDgssuDWfLMVfrJIW+LSuPlj5CegCS\
        p88kSsBL5Y18eAxj4zdkBCpInZL2IEQw4jzXv3+fAkEAnOgll2nDEYVFDkHe/s+eAJS7sL/EsjSoJTRV6f0DOSpsw+Kf5AKjYGmkrB9VWdto\
        fnSpcwL0hhzQLkieePMZvwJAGZNag6jXRMOYGUPFYpQUrNQORbv+l/TniW51vu2RpT6IU2llDsgFsfqp8C9JAY8RVZFSW4SuFo4Ze8sM3FPY\
        dwJAVJ6eCtw/bM2AAG/Dfi3t+6juxQgu/KpqZ+plJHrZVwU2IRuLpT+/xJyhr+QbIPhbKbvqKOBnQ2sk9ZyT//MNGQ==
        """
}
