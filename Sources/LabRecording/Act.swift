/// What a command line did, as far as a step kind can do the same.
package enum Act: Sendable, Hashable {
    case request(Request)
    case ping(target: String, count: Int?, family: String)
    case trace(target: String, method: String, family: String)
    case resolve(Lookup)
    case proxy(port: Int, address: String, keylog: String?)
    case setting(http: String?, https: String?)
    case trust(file: String)
    case capture(interfaces: [String], file: String)
    case decrypt(file: String, keylog: String?, filter: String?)
    /// Ends a program in the background; which one shows in what was going on.
    case stop
    case program([String])
    /// Changes nothing that a lab could look at.
    case nothing

    package struct Request: Sendable, Hashable {
        package var url: String
        /// HOST:PORT; nil: as the system is set.
        package var via: String?
        package var version: String?
        package var family = "any"
        package var method: String?
        package var save: String?
        package var keylog: String?
        package var checksCertificate = true

        package init(url: String) { self.url = url }
    }

    package struct Lookup: Sendable, Hashable {
        package var name: String
        package var type: String?
        package var family = "any"
        package var server: String?

        package init(name: String, type: String? = nil, family: String = "any", server: String? = nil) {
            self.name = name
            self.type = type
            self.family = family
            self.server = server
        }
    }
}
