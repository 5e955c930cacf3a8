import LabModel

/// Guides of the kinds that watch the wire and read what was seen.
extension StepGuide {
    static let capture = StepGuide(
        why: """
            A capture is the one witness that neither browser nor proxy can influence. Every step is judged by packets
            anyway, from the runner's own capture; `capture` is for labs in which capturing is what is learnt, or whose
            file a later `decrypt` opens.
            """,
        example: """
            - id: watch
              title: Watch the wire
              capture: { interfaces: [lo, eth0] }
              by-hand:
                lab: lab capture -i eth0 -w watch.pcapng
              expect:
                running: lab.capture.interface == "eth0" and lab.capture.running == true

            - id: ping
              title: Ping the printer meanwhile
              ping: { to: $world.printer.address, count: 1 }

            - id: seen
              title: Stop the capture
              stop: $watch
              expect:
                request: icmp.type == 8 and ip.dst == $world.printer.address

            """,
        pitfalls: [
            Pitfall(
                "The interface does not exist on this host.", .inconclusive,
                "Hosts of a world have `lo` and `eth0`; traffic with a proxy on the same host goes over `lo`."),
            Pitfall(
                "The capture filter is written as a display filter.", .inconclusive,
                "`only` takes BPF as tcpdump does: `tcp port 443`, not `tcp.port == 443`."),
            Pitfall(
                "A TLS connection was open before the capture began.", .failed,
                "Its keys open nothing; begin the capture before the first packet."),
            Pitfall(
                "Nothing stops the capture, and `$watch.file` is read while it grows.", .failed,
                "Add a `stop` step and use its `file`."),
        ])

    static let stop = StepGuide(
        why: """
            What was begun has to end, and how it ends is part of a lab: a capture is complete only when it has been
            stopped, and a proxy asks whether one means it. `stop` types the keys a student would type, and keeps what
            the terminal showed.
            """,
        example: """
            - id: mitm
              title: Start the proxy on port $port
              proxy: { listen: $port }

            - id: quit
              title: Close the proxy with q and y
              stop: { step: $mitm, keys: [q, y] }
              by-hand:
                lab: press q, then y
              expect:
                asked: lab.terminal.text contains "Quit"
                ended: lab.program.exit == 0
                free: lab.listen.port == $port and lab.listen.open == false

            """,
        pitfalls: [
            Pitfall(
                "The step that is to be stopped comes later, or no step has this id.", .lint("reference.unknown-step"),
                "Write `$id` of an earlier `proxy` or `capture` step."),
            Pitfall(
                "The step is of a kind that ends by itself.", .lint("step.wrong-kind"),
                "Only a `proxy` or a `capture` goes on until it is stopped."),
            Pitfall(
                "The keys do not end the program in time.", .failed,
                "The step fails and the program is ended by force; see `lab.terminal.text` for what it waited for."),
            Pitfall(
                "Keys that YAML takes for booleans: `keys: [q, y]` is fine, other readers of YAML may see `true`.",
                .misjudged, "Quote them, `[q, \"y\"]`, where another program reads the lab, too."),
        ])

    static let decrypt = StepGuide(
        why: """
            Opens a capture with a key log, as Wireshark does with its (Pre)-Master-Secret log file, and gives three
            views: frames under Wireshark's names, HTTP exchanges whatever the version, and one row per TLS connection
            that says how far it could be opened and what stands in the way.
            """,
        example: """
            - id: mitm
              title: Start a proxy that writes down its keys
              proxy: { listen: $port, keylog: sslkeylogfile.txt }

            - id: record
              title: Record the traffic
              capture: { interfaces: [lo, eth0] }

            - id: read
              title: Read a page directly, with the same key log
              request: { url: "https://$site/", via: none, keylog: $mitm.keylog }

            - id: captured
              title: Stop the capture
              stop: $record

            - id: opened
              title: Open it with the key log
              decrypt: { capture: $captured.file, keylog: $mitm.keylog, filter: http || http2 }
              by-hand:
                lab: lab decrypt capture.pcapng --keylog sslkeylogfile.txt -Y 'http || http2'
              expect:
                page: lab.http.body contains $token and lab.http.decrypted == true
                opened: lab.tls.status == "decrypted" and lab.tls.sni == $site

            """,
        pitfalls: [
            Pitfall(
                "The key log belongs to another run of the program: `lab.tls.status` is `wrong-keys`.", .failed,
                "A restarted proxy uses new secrets; take the `keylog` of the step whose connections were captured."),
            Pitfall(
                "There is no key log: `lab.tls.status` is `no-keys`.", .failed,
                "Give the proxy or the request a `keylog`, before the connections are made."),
            Pitfall(
                "The capture began after the connection: `lab.tls.status` is `no-handshake`.", .failed,
                "Put the `capture` step before the request."),
            Pitfall(
                "The filter takes away the frames that a check asks for.", .failed,
                "The filter selects frames only; exchanges and connections are always all of them."),
            Pitfall(
                "The filter uses a `lab.*` field.", .inconclusive,
                "`filter` is Wireshark's language and nothing else; ask for `lab.*` fields under `expect`."),
        ])
}
