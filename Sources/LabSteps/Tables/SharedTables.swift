import SupportQuestions
import WireSessions

/// The tables that every step has, whatever its kind: what happened in the world while the step went on.
package enum SharedTables {
    package static let all: [Table] = [FrameTable.table, visit, flow, handshake]

    /// What the web sites of the world wrote down.
    package static let visit = Table(
        "visit", "a request as the web site that answered it wrote it down",
        fields: [
            Field("lab.visit.host", .string, "the site's name, as the client asked for it"),
            Field("lab.visit.client.addr", .ipv4, "the IPv4 address of whoever connected to the site"),
            Field("lab.visit.client.addr6", .ipv6, "the IPv6 address of whoever connected to the site"),
            Field("lab.visit.method", .string, "the request's method"),
            Field("lab.visit.path", .string, "the request's path"),
            Field("lab.visit.version", .string, "the HTTP version: `1.0`, `1.1` or `2`"),
            Field("lab.visit.status", .unsigned, "the response's status code"),
            Field("lab.visit.user_agent", .string, "what the client calls itself"),
            Field("lab.visit.sni", .string, "the server name that the client's TLS named"),
            Field("lab.visit.client_random", .bytes, "the first 32 random bytes of the TLS connection"),
        ])

    /// What the proxies of the lab recorded.
    package static let flow = Table(
        "flow", "an exchange that went through a proxy, as the proxy recorded it",
        fields: [
            Field("lab.flow.proxy", .string, "the id of the step that started the proxy"),
            Field("lab.flow.scheme", .string, "`http` or `https`"),
            Field("lab.flow.method", .string, "the request's method"),
            Field("lab.flow.host", .string, "the host that was asked for"),
            Field("lab.flow.port", .unsigned, "the port that was asked for", bits: 16),
            Field("lab.flow.path", .string, "the path that was asked for"),
            Field("lab.flow.status", .unsigned, "the response's status code"),
            Field("lab.flow.content_type", .string, "the response's content type"),
            Field("lab.flow.body", .bytes, "the response's body, as far as the proxy kept it"),
            Field("lab.flow.user_agent", .string, "what the client calls itself"),
            Field("lab.flow.client.addr", .string, "the client's address"),
            Field("lab.flow.client_random", .bytes, "the client random of the client's TLS connection"),
            Field("lab.flow.server_random", .bytes, "the client random of the proxy's TLS connection to the site"),
            Field("lab.flow.error", .string, "what went wrong; absent when nothing did"),
        ])

    /// TLS handshakes that proxies took part in.
    package static let handshake = Table(
        "handshake", "a TLS handshake that a proxy took part in, finished or failed",
        fields: [
            Field("lab.handshake.proxy", .string, "the id of the step that started the proxy"),
            Field(
                "lab.handshake.leg", .string, "`client` for the client's side of the proxy, `server` for the site's",
                choices: ["client", "server"]),
            Field("lab.handshake.sni", .string, "the server name that was asked for"),
            Field("lab.handshake.ok", .boolean, "whether the handshake was finished"),
            Field(
                "lab.handshake.alert", .unsigned, "the alert that ended it, by number (RFC 8446, section 6)",
                valueNames: ["bad_certificate": 42, "certificate_unknown": 46, "unknown_ca": 48], bits: 8),
            Field("lab.handshake.client_random", .bytes, "the client random"),
            Field("lab.handshake.version", .string, "the TLS version"),
            Field("lab.handshake.reason", .string, "why it failed, in a sentence"),
        ])
}
