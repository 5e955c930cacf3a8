import SupportLinux

/// Finds a run folder: given itself, or the newest run of a lab.
enum RunSearch {
    /// - Parameters:
    ///   - name: a run folder, or a lab's name; nil: the newest run of any lab.
    ///   - runs: where run folders are.
    static func find(_ name: String?, below runs: String) -> String? {
        if let name {
            if Files.exists("\(name)/events.jsonl") { return name }
            let latest = "\(runs)/\(name)/latest"
            return Files.exists("\(latest)/events.jsonl") ? latest : nil
        }
        let latest = ((try? Files.list(runs)) ?? []).compactMap { entry -> (id: String, path: String)? in
            let link = "\(runs)/\(entry.name)/latest"
            return (try? Files.destination(ofLink: link)).map { ($0, link) }
        }
        return latest.max { $0.id < $1.id }?.path
    }
}
