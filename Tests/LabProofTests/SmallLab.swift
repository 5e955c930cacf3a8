import LabJudge
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics

/// A lab of a few lines with its key, read from memory.
struct SmallLab {
    static let text = """
        format: 1
        lab: small
        title: A small lab
        credit: run
        vars:
          site: www.example.test
        steps:
        - id: start
          title: Start
          proxy: { listen: 9000, keylog: keys.txt }
          expect:
            listening: lab.listen.port == 9000
        - id: visit
          title: Visit
          # The certificate is looked at, too.
          request: { url: "https://$site/", via: $start }
          points: 4   # shared by both
          expect:
            page: lab.http.code == 200
            body: lab.http.body contains "hello"
        """

    var lab = text
    var key = ""

    func files() -> [String: [UInt8]] {
        var files = ["small.yml": Array(lab.utf8)]
        if !key.isEmpty { files["small.key.yml"] = Array(key.utf8) }
        return files
    }

    func load(edits: LabEdits? = nil) -> LoadedLab {
        let files = files()
        return LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all, readFile: { files[$0] }
        ).load("small.yml", edits: edits)
    }

    /// `CODE line:column` of each problem, in order.
    func problems() -> [String] {
        load().problems.map { problem in
            problem.code + (problem.primary.map { " \($0.span.start)" } ?? "")
        }
    }

    /// A key with these lines below its head.
    static func keyed(_ lines: String, lab: String = text) -> SmallLab {
        SmallLab(lab: lab, key: "format: 1\nlab: small\n" + lines)
    }
}

/// Labs from the file system, with every kind there is.
enum LabLoaderForTests {
    static func load(_ path: String) -> LoadedLab { LabLoader.standard.load(path) }
}
