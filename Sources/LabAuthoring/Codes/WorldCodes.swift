/// Problems of a world: its networks, routers, hosts, names and sites.
enum WorldCodes {
    static let all: [CodeExplanation] = [
        .init(
            "world.address-outside", "An address outside its network",
            meaning: "The host's address is none that its network has: another prefix, or the first or the last of it.",
            reason: "Packets for the host would be sent elsewhere.",
            advice: "Choose an address within the network's prefix."),
        .init(
            "world.bad-address", "Not an address",
            meaning: "The text is no IPv4 address, or no IPv6 address where one is expected.",
            reason: "The host could not be reached.",
            advice: "Write one such as 198.51.100.10 or 2001:db8::10."),
        .init(
            "world.bad-prefix", "Not a prefix",
            meaning: "A prefix is the first address of a network and its length, with room for a router and a host.",
            reason: "`198.51.100.1/24` names a host and not a network.",
            advice: "Write 198.51.100.0/24 or 2001:db8:1::/64."),
        .init(
            "world.duplicate-address", "An address that is taken",
            meaning: "Two hosts, or a host and a router, have the same address.",
            reason: "Packets would reach either.",
            advice: "Give each its own."),
        .init(
            "world.duplicate-name", "A name that is taken",
            meaning: "Two routers, or a host and a router, have the same name.",
            reason: "`$world.NAME.address` and the path of a traceroute could mean either.",
            advice: "Give each its own."),
        .init(
            "world.link-ends", "A link that has not two ends",
            meaning: "`between` names fewer or more than two routers.",
            reason: "A link joins two routers.",
            advice: "Write { between: [r1, r2], delay: 1ms }."),
        .init(
            "world.overlapping-networks", "Networks that share addresses",
            meaning: "The prefixes of two networks overlap.",
            reason: "A router could not say where a packet for such an address belongs.",
            advice: "Give each network a prefix of its own."),
        .init(
            "world.page-coding", "An unknown coding of a page",
            meaning: "`coding` of a page is a content coding that the web sites do not speak.",
            reason: "The page could not be served.",
            advice: "Write `gzip`, or leave it out."),
        .init(
            "world.page-path", "A path without a slash",
            meaning: "The key of a page is its path, and a path begins with `/`.",
            reason: "No request could ask for it.",
            advice: "Write /name."),
        .init(
            "world.site-kind", "An unknown kind of site",
            meaning: "`kind` of a site is none that has pages of its own.",
            reason: "The site would be empty.",
            advice: "Write `mitm.it`, or leave it out and list `pages`."),
        .init(
            "world.site-name", "A site that no name leads to",
            meaning: "The name of a site is not among `names`, or leads to another host than the site's.",
            reason: "A client that looks the name up would not find the site.",
            advice: "Add the name with the site's host, or correct it."),
        .init(
            "world.unknown-host", "A host that is not there",
            meaning: "The world has no host of this name.",
            reason: "A step, a site or a name would be nowhere.",
            advice: "Correct the name, or add the host to the world."),
        .init(
            "world.unknown-network", "A network that is not there",
            meaning: "A host is in a network that the world does not have.",
            reason: "The host would hang in the air.",
            advice: "Correct the name, or add the network."),
        .init(
            "world.unknown-router", "A router that is not there",
            meaning: "A link or a network names a router that the world does not have.",
            reason: "Packets would have no way.",
            advice: "Correct the name, or add it to `routers`."),
        .init(
            "world.unreachable", "A part of the world that nothing leads to",
            meaning: "No links lead from the first network to this one, or a router has neither links nor networks.",
            reason: "Hosts in it could not be reached, and the world would not come up.",
            advice: "Add the link that is missing. To take a router away during a lab, use a wrong run."),
        .init(
            "world.virtual-host", "A host that runs nothing",
            meaning:
                "A host with `virtual: true` or `down: true` lives in the emulation alone: it can be pinged at most.",
            reason: "A step or a web site needs a host in which programs run.",
            advice: "Choose another host, or remove `virtual`."),
    ]
}
