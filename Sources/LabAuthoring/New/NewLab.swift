import LabModel

/// A small lab to begin with: commented, linted, and one that runs.
package struct NewLab: Sendable {
    package enum Topic: String, CaseIterable, Sendable {
        case web
        case dns
        case icmp
    }

    package struct File: Sendable {
        /// Relative to the folder that the lab is written into.
        package var path: String
        package var text: String
    }

    package let name: String
    package let topic: Topic

    /// Nil for a name that is no good as a file's or a run folder's: letters, digits, `-` and `_`, a letter first.
    package init?(name: String, topic: Topic) {
        let isName = name.unicodeScalars.allSatisfy {
            $0 == "-" || $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)))
        }
        guard isName, name.first?.isLetter == true, name.utf8.count <= 64 else { return nil }
        self.name = name
        self.topic = topic
    }

    /// The lab, its world, and its key.
    package var files: [File] {
        [
            File(path: "\(name).yml", text: lab), File(path: "worlds/\(name).yml", text: world),
            File(path: "\(name).key.yml", text: key),
        ]
    }

    private var lab: String {
        EditorSchema.header("schema/\(EditorSchema.lab.fileName)") + """

            # \(name): a lab to begin with. Everything in it may be changed.
            #   lab lint \(name).yml    finds mistakes before anything runs
            #   lab run \(name).yml     performs it and writes a report
            #   lab show \(name).yml    shows it as a student reads it
            #   lab explain            tells what there is to use
            format: 1
            lab: \(YAMLText.scalar(name))
            title: \(topic.title)
            credit: run
            world: worlds/\(name).yml
            at: laptop

            # $site and $token stand for these values from here on; each student draws another token.
            vars:
              site: www.example.test
              token: { pick: token }

            steps:

            """ + topic.steps
    }

    private var world: String {
        EditorSchema.header("../schema/\(EditorSchema.world.fileName)")
            + ExampleLab.world.replacing("world: example\n", with: "world: \(YAMLText.scalar(name))\n")
    }

    private var key: String {
        EditorSchema.header("schema/\(EditorSchema.key.fileName)") + """
            # What students do not get: hidden checks, answers, and wrong runs, which the lab must be able to tell.
            format: 1
            lab: \(YAMLText.scalar(name))

            wrong:
            \(topic.wrongRun)
            """
    }
}

extension NewLab.Topic {
    /// What the topic is, for the list of topics.
    package var summary: String {
        switch self {
        case .web: "a web page, its certificate and the site's log"
        case .dns: "names, addresses and the packets between"
        case .icmp: "ping, silence and the way through the routers"
        }
    }

    fileprivate var title: String {
        switch self {
        case .web: "A page and who sees it"
        case .dns: "From names to addresses"
        case .icmp: "Who is there, and how far"
        }
    }
}
