import LabModel

/// The sites and services that live on one host, with every body and certificate in place.
package struct SitePlan: Sendable, Codable {
    package struct Page: Sendable, Codable {
        package var path: String
        package var status: Int
        package var type: String
        package var body: String
        package var coding: String?
        package var isChunked: Bool

        package init(path: String, status: Int, type: String, body: String, coding: String?, isChunked: Bool) {
            self.path = path
            self.status = status
            self.type = type
            self.body = body
            self.coding = coding
            self.isChunked = isChunked
        }
    }

    package struct Site: Sendable, Codable {
        package var name: String
        package var isOnboarding: Bool
        package var pages: [Page]
        /// PEM of chain and key; nil for a site without TLS.
        package var certificateChain: String?
        package var privateKey: String?

        package init(
            name: String, isOnboarding: Bool, pages: [Page], certificateChain: String?, privateKey: String?
        ) {
            self.name = name
            self.isOnboarding = isOnboarding
            self.pages = pages
            self.certificateChain = certificateChain
            self.privateKey = privateKey
        }
    }

    package struct Service: Sendable, Codable {
        package var name: String
        package var port: Int
        package var greeting: String

        package init(name: String, port: Int, greeting: String) {
            self.name = name
            self.port = port
            self.greeting = greeting
        }
    }

    package var sites: [Site]
    package var services: [Service]

    package init(sites: [Site], services: [Service]) {
        self.sites = sites
        self.services = services
    }

    package var isEmpty: Bool { sites.isEmpty && services.isEmpty }
}

/// What passes between the runner and a host's agent, JSON in each message.
package enum AgentMessage {
    package struct Request: Sendable, Codable {
        package var id: Int
        package var operation: HostOperation
        package var facts: HostFacts

        package init(id: Int, operation: HostOperation, facts: HostFacts) {
            self.id = id
            self.operation = operation
            self.facts = facts
        }
    }

    package enum Reply: Sendable, Codable {
        case progress(id: Int, text: String)
        case done(id: Int, StepOutcome)
        case failed(id: Int, StepFailure)
        /// A line for the site log.
        case visit(Value)
    }

    /// The first message to an agent.
    package struct Introduction: Sendable, Codable {
        package var host: String
        package var run: String

        package init(host: String, run: String) {
            self.host = host
            self.run = run
        }
    }
}
