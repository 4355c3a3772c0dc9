/// Why a test has no token: it fails, and says which package is missing.
package struct TokenFault: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = """

            ***********************************************************************
            akashi: no token for the tests: \(description)
            scripts/install-packages.sh installs what they need.
            ***********************************************************************
            """
    }
}
