extension NewLab.Topic {
    /// The steps of the lab, as items of `steps`.
    var steps: String {
        switch self {
        case .web: Self.webSteps
        case .dns: Self.dnsSteps
        case .icmp: Self.icmpSteps
        }
    }

    /// A way to do the lab wrong, for the key file.
    var wrongRun: String {
        switch self {
        case .web:
            """
              plain-text:
                because: Opens the page without TLS, so that nobody vouches for the site.
                change:
                  steps: { page: { url: http://$site/ } }
                fails: [page.certificate]

            """
        case .dns:
            """
              other-name:
                because: Looks up another name than the one that was asked for.
                change:
                  steps: { address: { name: printer.example.test } }
                fails: [address.answer, address.question]

            """
        case .icmp:
            """
              other-host:
                because: Pings the web site instead of the printer.
                change:
                  steps: { printer: { to: $world.www.address } }
                fails: [printer.neighbour]

            """
        }
    }

    private static let webSteps = """
        - section: The page

        # A step has one key that names its kind (here `request`) and checks by name.
        - id: page
          title: Visit $site
          task: Open https://$site/ and note the order number.
          explain: |
            The number is drawn for you alone. The site's certificate leads to a root that your system trusts.
          request: https://$site/
          by-hand:
            curl: curl https://$site/
          expect:
            # One line must hold on one row of evidence, so what belongs together is joined by `and`.
            number: { is: lab.http.code == 200 and lab.http.body contains $token, points: 2 }
            certificate: lab.tls.root.sha256 == $world.roots.sha256
          hint:
          - Is the name known to the resolver? `lab explain resolve` shows how to ask.

        - section: Who sees it

        # Without a kind's own table, a check looks at what happened meanwhile: packets, and the log of the site.
        - id: log
          title: Be seen by the site
          task: Open http://$site/ without TLS.
          explain: The site writes down who connects to it, and everybody on the way could read along.
          request: http://$site/
          by-hand:
            curl: curl http://$site/
          expect:
            seen: lab.visit.host == $site and lab.visit.client.addr == $world.laptop.address
            readable: http.response.code == 200 and ip.src == $world.www.address

        """

    private static let dnsSteps = """
        - section: Names

        # A step has one key that names its kind (here `resolve`) and checks by name.
        - id: address
          title: Look up $site
          task: Ask for the IPv4 address of $site.
          explain: Before any page there is a question, and the resolver answers it.
          resolve: { name: $site, family: ipv4 }
          by-hand:
            dig: dig $site
          expect:
            # One line must hold on one row of evidence, so what belongs together is joined by `and`.
            answer: lab.dns.name == $site and lab.dns.address == $world.www.address
            question: dns.qry.name == $site and dns.flags.response == 0 and ip.src == $world.laptop.address
          hint:
          - "`dig +short` prints nothing but the addresses."

        - id: address6
          title: Look up an IPv6 address
          task: Ask for the IPv6 address of ipv6.example.test.
          explain: Another type of record, AAAA in place of A, and four times as many bits.
          resolve: { name: ipv6.example.test, family: ipv6 }
          by-hand:
            dig: dig ipv6.example.test AAAA
          expect:
            answer: lab.dns.address == $world.www.address6 and lab.dns.family == "ipv6"

        """

    private static let icmpSteps = """
        - section: Who is there

        # A step has one key that names its kind (here `ping`) and checks by name.
        - id: printer
          title: Ping the printer
          task: Ping $world.printer.address.
          explain: An echo request goes out, an echo reply comes back.
          ping: { to: $world.printer.address, count: 2, interval: 100ms }
          by-hand:
            ping: ping -c 2 $world.printer.address
          expect:
            answers: lab.ping.sent == 2 and lab.ping.received == 2
            # One line must hold on one row of evidence, so what belongs together is joined by `and`.
            neighbour: icmp.type == 0 and ip.src == $world.printer.address

        - id: silence
          title: Ping a host that is off
          task: Ping $world.ghost.address.
          explain: No answer says little by itself. It means something only because the printer did answer.
          ping: { to: $world.ghost.address, count: 2, interval: 100ms, timeout: 500ms }
          by-hand:
            ping: ping -c 2 $world.ghost.address
          expect:
            tried: lab.ping.sent == 2 and lab.ping.address == $world.ghost.address
          forbid:
            # What must be absent counts only beside a check that did see the same thing.
            answer: { is: lab.probe.answered == true, control: printer.answers }

        - section: How far

        - id: way
          title: Trace the way to $site
          task: Find the routers on the way to $site.
          explain: Probes with a growing time to live make each router speak up in turn.
          traceroute: { to: $site, family: ipv4 }
          by-hand:
            traceroute: traceroute -I $site
          expect:
            path: lab.trace.path == [r1, r2, r3, www]

        """
}
