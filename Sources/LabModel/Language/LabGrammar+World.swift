extension LabGrammar {
    package static let world = GrammarMapping(
        "world", "A world",
        """
        The emulated internet of a lab: subnets behind routers, links, hosts, names and sites. Use the addresses that
        are reserved for documentation and benchmarking (RFC 5737, 2544, 3849, 5180) and names below `.test` and
        `example.*`. Each router has an address of its own, `$world.NAME.address`.
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
            GrammarKey("links", .list(.mapping("link")), "the links between routers"),
            GrammarKey("resolver", .ipv4, "the address of the name server"),
            GrammarKey("names", .named(.either(.word, .mapping("name"))), "names and the host that each stands for"),
            GrammarKey("sites", .named(.mapping("site")), "web sites by the name that clients ask for"),
            GrammarKey("services", .list(.mapping("service")), "TCP services that greet and then echo"),
        ])

    package static let network = GrammarMapping(
        "network", "A network", "The first address of each prefix is the router's.",
        keys: [
            GrammarKey("prefix", .prefix, required: true, "its IPv4 prefix"),
            GrammarKey("prefix6", .prefix6, "its IPv6 prefix"),
            GrammarKey("router", .word, required: true, "the router it hangs on"),
        ])

    package static let router = GrammarMapping(
        "router", "A router", "What is special about a router.",
        keys: [
            GrammarKey(
                "silent", .boolean, default: "false",
                "never says that a packet died with it, so that a traceroute shows `*`")
        ])

    package static let link = GrammarMapping(
        "link", "A link", "Joins two routers.",
        keys: [
            GrammarKey("between", .list(.word), required: true, "the two routers"),
            GrammarKey("delay", .duration, default: "0ms", "the time one way"),
        ])

    package static let host = GrammarMapping(
        "host", "A host", "Runs programs and steps, unless it is virtual.",
        keys: [
            GrammarKey("network", .word, required: true, "the network it is in"),
            GrammarKey("address", .ipv4, required: true, "its IPv4 address"),
            GrammarKey("address6", .ipv6, "its IPv6 address"),
            GrammarKey("down", .boolean, default: "false", "answers nothing; implies `virtual`"),
            GrammarKey("virtual", .boolean, default: "false", "answers pings and runs nothing"),
        ])

    package static let name = GrammarMapping(
        "name", "A name", "A name with the choice of addresses that it gives.",
        keys: [
            GrammarKey("host", .word, required: true, "the host it stands for"),
            GrammarKey(
                "family", .choice(WorldDefinition.Name.Family.allCases.map(\.rawValue)), default: "any",
                "which of the host's addresses it has"),
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
