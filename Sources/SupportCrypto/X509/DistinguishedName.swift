import COpenSSL

/// The subject of a certificate to be issued: attributes in the order in which they are encoded.
package struct DistinguishedName: Sendable, Hashable {
    package enum Attribute: Sendable, Hashable {
        case commonName(String)
        case organization(String)
        case organizationalUnit(String)
        case country(String)

        var encoded: (nid: Int32, text: String) {
            switch self {
            case .commonName(let text): (NID_commonName, text)
            case .organization(let text): (NID_organizationName, text)
            case .organizationalUnit(let text): (NID_organizationalUnitName, text)
            case .country(let text): (NID_countryName, text)
            }
        }
    }

    package var attributes: [Attribute]

    package init(_ attributes: [Attribute]) { self.attributes = attributes }

    /// `CN=commonName,O=organization` as RFC 4514 writes it.
    package init(commonName: String, organization: String? = nil) {
        attributes = (organization.map { [.organization($0)] } ?? []) + [.commonName(commonName)]
    }

    package static let empty = DistinguishedName([])
    package static let interceptionAuthority = DistinguishedName(
        commonName: "lab interception CA", organization: "lab")

    func write(into name: OpaquePointer) throws(CertificateError) {
        for attribute in attributes {
            let (nid, text) = attribute.encoded
            let bytes = Array(text.utf8)
            guard bytes.count <= 255, lab_x509_name_add(name, nid, bytes, Int32(bytes.count)) == 1 else {
                ERR_clear_error()
                throw .unusableName(text)
            }
        }
    }
}
