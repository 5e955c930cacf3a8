/// Certificates in one PEM text, such as `/etc/ssl/certs/ca-certificates.crt`, with what could not be read.
package struct CertificateBundle: Sendable {
    /// A stretch of the text that should have been a certificate and is none.
    package struct Garbage: Sendable, Hashable {
        /// Line of the BEGIN marker, from 1.
        package let line: Int
        package let reason: String
    }

    package let certificates: [Certificate]
    package let garbage: [Garbage]

    /// Reads every `CERTIFICATE` block; other blocks and text between blocks are passed over, as OpenSSL does.
    package init(pem text: [UInt8]) {
        var certificates: [Certificate] = []
        var garbage: [Garbage] = []
        var block: [UInt8] = []
        var begin: Int?
        var number = 0
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let isBegin = Self.begins(line)
            if isBegin || begin != nil {
                if isBegin {
                    if let begin {
                        garbage.append(Garbage(line: begin, reason: "another block begins before its END line"))
                    }
                    begin = number
                    block = []
                }
                block += line
                block.append(UInt8(ascii: "\n"))
            }
            guard let opened = begin, Self.ends(line) else { continue }
            do {
                certificates.append(try Certificate(pem: block))
            } catch CertificateError.noCertificate {
                garbage.append(Garbage(line: opened, reason: "the block is no certificate in Base64"))
            } catch {
                garbage.append(Garbage(line: opened, reason: "\(error)"))
            }
            begin = nil
        }
        if let begin { garbage.append(Garbage(line: begin, reason: "its END line is missing")) }
        self.certificates = certificates
        self.garbage = garbage
    }

    private static func begins(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "-----BEGIN CERTIFICATE-----".utf8)
            || line.starts(with: "-----BEGIN X509 CERTIFICATE-----".utf8)
    }

    private static func ends(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "-----END CERTIFICATE-----".utf8) || line.starts(with: "-----END X509 CERTIFICATE-----".utf8)
    }
}
