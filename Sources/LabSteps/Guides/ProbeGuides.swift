import LabModel

/// Guides of the kinds that probe the network.
extension StepGuide {
    static let ping = StepGuide(
        why: """
            The first question about any network is whether somebody is there. `ping` asks it without a program of the
            system and without root, and gives loss and round-trip times as values that a check can compare. Each
            request is a row of its own, and the packets are there too, for questions such as
            `icmp.type == 0 and ip.src == $world.printer.address`.
            """,
        example: """
            - id: printer
              title: Ping the printer
              task: Ping $world.printer.address three times.
              ping: { to: $world.printer.address, count: 3, interval: 50ms }
              by-hand:
                lab: lab ping -c 3 $world.printer.address
              expect:
                all: lab.ping.sent == 3 and lab.ping.received == 3
                quick: lab.probe.seq == 1 and lab.probe.rtt < 2s
                reply: icmp.type == 0 and ip.src == $world.printer.address

            """,
        pitfalls: [
            Pitfall(
                "A duration is written without its unit: `interval: 100`.", .lint("field.unit"),
                "Write `100ms` or `2s`."),
            Pitfall(
                "The name has addresses of another family than the one that is asked for.", .failed,
                "Leave `family` away, or give the name an address of that family in the world."),
            Pitfall(
                "A busy machine is slower than a check allows.", .failed,
                "Ask for `lab.probe.rtt < 500ms` rather than for the exact delay of the links; lower bounds are safe."),
            Pitfall(
                "\"Nobody answers\" is checked with `forbid` alone.", .lint("check.no-control"),
                "Name a control that did see an answer, such as `control: printer.all`."),
            Pitfall(
                "With `--real-network` this user may not open ICMP sockets.", .inconclusive,
                "`lab doctor` says what this machine allows and how to get the rest."),
        ])

    static let traceroute = StepGuide(
        why: """
            `traceroute` makes the way visible: probes with a growing time to live, and each router that has to throw one
            away gives its address. `lab.trace.path` holds the way by the names of the world, so that a check is one
            line and stays right when addresses change.
            """,
        example: """
            - id: far
              title: Trace the way to $site
              traceroute: { to: $site, protocol: icmp, family: ipv4 }
              by-hand:
                lab: lab traceroute $site
              expect:
                way: lab.trace.path == [r1, r2, r3, www]
                second: lab.hop.ttl == 2 and lab.hop.addr == $world.r2.address

            """,
        pitfalls: [
            Pitfall(
                "A router is `silent`, so that its place in the path is `*`.", .failed,
                "Write `*` in quotes at that place: `lab.trace.path == [r1, \"*\", r3, www]`."),
            Pitfall(
                "The name has an IPv6 address too: the hops' addresses are IPv6, and a check compares them with IPv4 ones.",
                .failed, "Set `family`, or compare names: `lab.hop.name == \"r2\"`."),
            Pitfall(
                "`max_hops` is smaller than the distance.", .failed,
                "Leave it away; silence ends a trace after the last hop that answered."),
            Pitfall(
                "`protocol: ICMP` is written in capitals.", .lint("field.choice"), "Choices are lower case: `icmp`."),
            Pitfall(
                "Two facts of one hop are asked for in two lines, and two different hops answer.", .misjudged,
                "Join them with `and`: one line must hold on one row."),
        ])

    static let resolve = StepGuide(
        why: """
            Whatever a student does next begins with a name. `resolve` asks the resolver of its host, exactly as programs
            there do, and the question and the answer are packets that checks can look at.
            """,
        example: """
            - id: name
              title: Look up $site
              resolve: { name: $site, family: ipv4 }
              by-hand:
                dig: dig $site
              expect:
                address: lab.dns.name == $site and lab.dns.address == $world.www.address
                asked: dns.qry.name == $site and ip.src == $world.laptop.address

            """,
        pitfalls: [
            Pitfall(
                "The world has no such name.", .failed,
                "Add it under `names` of the world; sites alone do not make names."),
            Pitfall(
                "A later step uses `$name.address`, and this one found nothing.", .inconclusive,
                "The later step waits for this one; look at this one first."),
            Pitfall(
                "The check asks for an answer of one family while both come.", .misjudged,
                "Set `family`, or write the family into the check: `lab.dns.family == \"ipv4\"`."),
        ])

    static let wait = StepGuide(
        why: """
            Some things take their time: a service comes up, a port is freed. `wait` looks until the port is as the lab
            wants it, and not a moment longer, and keeps the first line that a service says. It is also the simplest way
            to use a TCP service that is not the web.
            """,
        example: """
            - id: service
              title: Use a service that is not the web
              wait: { host: time.example.test, port: 7777, within: 5s }
              by-hand:
                netcat: nc time.example.test 7777
              expect:
                greeted: lab.listen.open == true and lab.listen.greeting contains "time service"
                direct: tcp.dstport == 7777 and ip.dst == $world.www.address

            """,
        pitfalls: [
            Pitfall(
                "The port is as it was when the time is up.", .failed,
                "The step ends and says what it found; make `within` longer only where the lab really needs it."),
            Pitfall(
                "`host` is left away on a lab whose service is elsewhere.", .failed,
                "Without `host` the port of the step's own host is meant, at 127.0.0.1."),
            Pitfall("The port is above 65535, or 0.", .lint("field.range"), "Ports are 1 to 65535."),
        ])
}
