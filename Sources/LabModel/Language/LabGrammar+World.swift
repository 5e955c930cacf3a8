extension LabGrammar {
    package static let world = GrammarMapping(
        "world", "A world",
        """
        The emulated internet of a lab: subnets behind routers, links, hosts, names and sites. Use the addresses that
        are reserved for documentation and benchmarking (RFC 5737, 2544, 3849, 5180) and names below `.test` and
        `example.*`. Each router has an address of its own, `$world.NAME.address`. The lab's variables may stand
        for every value and for the names of things, `$carrier: { silent: true }`, so that each student can have another
        world.
        """,
        keys: [
            GrammarKey("format", .exactly(1), "the version of this notation"),
            GrammarKey("world", .word, "its name"),
            GrammarKey("title", .word, "its title"),
            GrammarKey("networks", .named(.mapping("network")), required: true, "subnets, each behind a router"),
            GrammarKey(
                "routers", .either(.list(.word), .named(.optional(.mapping("router")))), required: true,
                "the routers: a list of names, or names with what is special about each"),
            GrammarKey("hosts", .named(.mapping("host")), required: true, "the hosts"),
            GrammarKey("switches", .oneOrMany(.word), "switches, which join links to one network and lower no TTL"),
            GrammarKey("links", .list(.mapping("link")), "the links"),
            GrammarKey("tunnels", .list(.mapping("tunnel")), "label-switched paths (MPLS)"),
            GrammarKey("changes", .list(.mapping("change")), "what goes down or comes up, and when"),
            GrammarKey("resolver", .ipv4, "the address of the name server"),
            GrammarKey("names", .named(.either(.word, .mapping("name"))), "names and the host that each stands for"),
            GrammarKey("sites", .named(.mapping("site")), "web sites by the name that clients ask for"),
            GrammarKey("services", .list(.mapping("service")), "TCP services that greet and then echo"),
        ])

    package static let network = GrammarMapping(
        "network", "A network", "The first address of each prefix is the router's.",
        keys: [
            GrammarKey(
                "prefix", .prefix,
                "its IPv4 prefix; without one it is given both, from 198.19.0.0/16 and 2001:db8:f000::/40"),
            GrammarKey("prefix6", .prefix6, "its IPv6 prefix"),
            GrammarKey("router", .word, required: true, "the router it hangs on"),
        ])

    package static let router = GrammarMapping(
        "router", "A router",
        "What is special about a router. A place is a network, a host, a router, an address, a prefix or `any`.",
        keys: [
            GrammarKey(
                "silent", .boolean, default: "false",
                "never says that a packet died with it, so that a traceroute shows `*`"),
            GrammarKey(
                "withhold", .oneOrMany(.choice(WorldDefinition.RouterBehaviour.Answer.allCases.map(\.rawValue))),
                "answers that it never gives; without `packet-too-big`, large packets vanish in it"),
            GrammarKey(
                "answers-from", .oneOrMany(.word), default: "own",
                "whose address its reports show: its `own`, that of the `interface` a packet came by, or another node's"
            ),
            GrammarKey(
                "rate-limit", .either(.choice(["linux"]), .mapping("rate-limit")),
                "how many reports it makes; `linux`: six at once to each receiver, then one a second"),
            GrammarKey(
                "tells-interface", .boolean, default: "false",
                "its reports tell the interface that the packet came by (RFC 5837)"),
            GrammarKey(
                "balance", .choice(WorldDefinition.RouterBehaviour.Balance.allCases.map(\.rawValue)),
                "what it spreads packets by where several ways cost the same; without it, one way takes all"),
            GrammarKey("routes", .list(.mapping("route")), "routes by hand; the longest prefix wins"),
            GrammarKey("firewall", .list(.mapping("rule")), "rules, of which the first that matches decides"),
            GrammarKey(
                "nat", .mapping("nat"), "hides hosts behind the router's own address, and forwards its ports"),
        ])

    package static let rateLimit = GrammarMapping(
        "rate-limit", "A rate limit", "How many reports a router makes to one receiver.",
        keys: [
            GrammarKey("every", .duration, required: true, "the time between two reports, in the long run"),
            GrammarKey("burst", .integer(1...1000), default: "6", "how many may come at once"),
        ])

    package static let route = GrammarMapping(
        "route", "A route", "Where a router sends what is for a place: one of `via`, `discard` and `refuse`.",
        keys: [
            GrammarKey("to", .word, required: true, "the place"),
            GrammarKey("via", .word, "the neighbour that takes it"),
            GrammarKey("discard", .boolean, default: "false", "a black hole: the packet vanishes"),
            GrammarKey("refuse", .boolean, default: "false", "the sender is told that there is no route"),
            GrammarKey("may-loop", .boolean, default: "false", "packets may go round; otherwise lint says so"),
        ])

    package static let rule = GrammarMapping(
        "rule", "A firewall rule", "What is left out matches everything.",
        keys: [
            GrammarKey(
                "action", .choice(WorldDefinition.Rule.Action.allCases.map(\.rawValue)), required: true,
                "what happens to the packet; `reset` closes a TCP connection"),
            GrammarKey(
                "protocol", .choice(WorldDefinition.Rule.Subject.allCases.map(\.rawValue)), "its protocol"),
            GrammarKey("from", .word, "the place it comes from"),
            GrammarKey("to", .word, "the place it goes to"),
            GrammarKey("port", .integer(0...65_535), "its destination port, TCP or UDP"),
            GrammarKey("to-port", .integer(0...65_535), "the last port of a range that begins with `port`"),
            GrammarKey("type", .integer(0...255), "its ICMP type"),
            GrammarKey(
                "state", .oneOrMany(.choice(WorldDefinition.Rule.State.allCases.map(\.rawValue))),
                "what it is to the connections that the router has seen; such a rule makes the router track them"),
        ])

    package static let nat = GrammarMapping(
        "nat", "Address translation",
        "Network address translation (RFC 3022) behind the router's own addresses: `hide`, `hide6`, `forward` or several.",
        keys: [
            GrammarKey("hide", .oneOrMany(.word), "the places behind its IPv4 address"),
            GrammarKey("hide6", .oneOrMany(.word), "the places behind its IPv6 address"),
            GrammarKey("forward", .list(.mapping("forward")), "ports that stand for ports of hosts"),
        ])

    package static let forward = GrammarMapping(
        "forward", "A port forward",
        "A port of the router's own addresses that stands for one of a host, in each family that the host has.",
        keys: [
            GrammarKey(
                "protocol", .choice(WorldDefinition.Forward.Subject.allCases.map(\.rawValue)), required: true,
                "its protocol"),
            GrammarKey("port", .integer(1...65_535), required: true, "the router's port"),
            GrammarKey("to", .word, required: true, "the host that gets what comes for it"),
            GrammarKey("to-port", .integer(1...65_535), "the host's port; without it, the same"),
        ])

    private static let sideKeys = [
        GrammarKey("delay", .duration, default: "0ms", "the time one way"),
        GrammarKey(
            "jitter", .either(.duration, .mapping("jitter")), "how far the delay varies; packets may overtake others"),
        GrammarKey("loss", .either(.word, .mapping("loss")), "the share that is lost, such as `2%`"),
        GrammarKey("duplicate", .word, default: "0%", "the share that comes twice"),
        GrammarKey("reorder", .either(.word, .mapping("reorder")), "the share that is held back"),
        GrammarKey("corrupt", .word, default: "0%", "the share of which one bit is turned over"),
        GrammarKey("rate", .word, "what passes, such as `10Mbit/s`; packets wait in a queue for their turn"),
        GrammarKey("queue", .word, default: "150kB", "the room in that queue, such as `64KiB`; the rest is dropped"),
        GrammarKey("mtu", .integer(68...65_535), default: "1500", "the largest packet, in bytes"),
        GrammarKey("cost", .integer(1...65_535), default: "1", "what routing adds for crossing it"),
    ]

    package static let link = GrammarMapping(
        "link", "A link",
        """
        Joins two routers, switches or networks, or a host and its network in place of the plain cable it has otherwise.
        What is said holds in both directions, each drawn for itself, unless `back` says otherwise.
        """,
        keys: [GrammarKey("between", .list(.word), required: true, "its two ends")] + sideKeys + [
            GrammarKey("back", .mapping("back"), "what is different from the second end to the first"),
            GrammarKey("down", .boolean, default: "false", "carries nothing until a change takes it up"),
        ])

    package static let linkBack = GrammarMapping(
        "back", "The way back", "A link's direction from its second end to its first.", keys: sideKeys)

    package static let jitter = GrammarMapping(
        "jitter", "Jitter", "How the delay of a link varies.",
        keys: [
            GrammarKey(
                "by", .duration, required: true, "the standard deviation; for `uniform`, the greatest deviation"),
            GrammarKey(
                "distribution", .choice(WorldDefinition.LinkSide.Distribution.allCases.map(\.rawValue)),
                default: "uniform", "its shape; `pareto` has a long tail, as queues do"),
        ])

    package static let loss = GrammarMapping(
        "loss", "Loss in bursts",
        "A Gilbert-Elliott channel: either `mean` and `burst`, or `enter` and `leave` of its bad state.",
        keys: [
            GrammarKey("mean", .word, "the share that is lost in the long run"),
            GrammarKey("burst", .number, "how many are lost at a time, on average"),
            GrammarKey("enter", .word, "the chance to turn bad after a packet"),
            GrammarKey("leave", .word, "the chance to turn good again"),
            GrammarKey("good", .word, default: "0%", "the share lost in the good state"),
            GrammarKey("bad", .word, default: "100%", "the share lost in the bad one"),
        ])

    package static let reorder = GrammarMapping(
        "reorder", "Reordering", "Packets that are held back, so that later ones overtake them.",
        keys: [
            GrammarKey("share", .word, required: true, "how many"),
            GrammarKey("hold", .duration, default: "10ms", "how much later they come"),
        ])

    package static let tunnel = GrammarMapping(
        "tunnel", "A tunnel",
        "A label-switched path. Routers inside report the labels that a packet came with (RFC 4950).",
        keys: [
            GrammarKey("path", .list(.word), required: true, "its routers in order, three at least"),
            GrammarKey(
                "labels", .list(.integer(16...1_048_575)),
                "what the routers behind the first receive; left out, each but the last receives one"),
            GrammarKey(
                "hidden", .boolean, default: "false", "the routers inside lower no TTL: traceroute does not see them"),
        ])

    package static let change = GrammarMapping(
        "change", "A change", "A link or a host that goes down or comes up while the world runs.",
        keys: [
            GrammarKey("at", .duration, required: true, "when, after the world's start"),
            GrammarKey("link", .word, "the link, by its ends: `r3-r4`"),
            GrammarKey("host", .word, "the host"),
            GrammarKey("state", .choice(["up", "down"]), required: true, "what becomes of it"),
        ])

    package static let host = GrammarMapping(
        "host", "A host", "Runs programs and steps, unless it is virtual.",
        keys: [
            GrammarKey("network", .word, required: true, "the network it is in"),
            GrammarKey("address", .ipv4, "its IPv4 address; without one it is given the next free ones of its network"),
            GrammarKey("address6", .ipv6, "its IPv6 address"),
            GrammarKey("down", .boolean, default: "false", "answers nothing; implies `virtual`"),
            GrammarKey("virtual", .boolean, default: "false", "answers pings and runs nothing"),
        ])

    package static let name = GrammarMapping(
        "name", "A name", "A name with the choice of addresses that it gives, or none.",
        keys: [
            GrammarKey("host", .word, "the host it stands for; every name has this, `alias` or `fails`"),
            GrammarKey("alias", .word, "another name of this world that it stands for (CNAME)"),
            GrammarKey("ttl", .duration, "how long an answer may be kept; a minute where it says nothing"),
            GrammarKey(
                "family", .choice(WorldDefinition.Name.Family.allCases.map(\.rawValue)), default: "any",
                "which of the host's addresses it has"),
            GrammarKey(
                "fails", .choice(WorldDefinition.Name.Failure.allCases.map(\.rawValue)),
                "what the resolver says in the place of an answer, or `no-answer` for nothing"),
            GrammarKey("delay", .duration, default: "0ms", "how long the resolver takes to answer for it"),
        ])

    package static let site = GrammarMapping(
        "site", "A site", "A web site on a host of the world.",
        keys: [
            GrammarKey("host", .word, required: true, "the host that serves it"),
            GrammarKey("tls", .boolean, default: "false", "serves https, too, under a certificate of the world's root"),
            GrammarKey(
                "kind", .choice(["mitm.it"]), "the site that says that no proxy is in between, under its own name"),
            GrammarKey("pages", .named(.mapping("page"), keys: "^/"), "its pages by path, each beginning with `/`"),
        ])

    package static let page = GrammarMapping(
        "page", "A page", "What a site answers for one path.",
        keys: [
            GrammarKey("status", .integer(100...599), default: "200", "the status code"),
            GrammarKey("type", .word, default: "text/plain", "the content type"),
            GrammarKey("body", .text, "the body, in which variables are put in"),
            GrammarKey("coding", .choice(["gzip"]), "how the body is coded"),
            GrammarKey("chunked", .boolean, default: "false", "sent in chunks (RFC 9112, section 7.1)"),
        ])

    package static let service = GrammarMapping(
        "service", "A service", "A TCP service that says one line and then echoes.",
        keys: [
            GrammarKey("name", .word, required: true, "its name"),
            GrammarKey("host", .word, required: true, "the host it runs on"),
            GrammarKey("port", .integer(1...65_535), required: true, "the port it listens on"),
            GrammarKey("greeting", .word, "the line it says first"),
        ])
}
