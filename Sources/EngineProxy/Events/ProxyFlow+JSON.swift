extension ProxyFlow {
    /// Appends the line of this flow's event, without its end: byte for byte what `JSONLine` makes of it, for a fraction of
    /// the work. Flows are what a busy proxy writes.
    func appendLine(to bytes: inout [UInt8]) {
        var json = JSONText(after: bytes)
        bytes = []
        json.object { flow in
            flow.text("event", "flow")
            flow.number("id", id)
            flow.number("connection", connection)
            client.write("client", to: &flow)
            server?.write("server", to: &flow)
            flow.text("scheme", scheme)
            flow.text("method", method)
            flow.text("host", host)
            flow.number("port", port)
            flow.text("path", path)
            flow.text("version", version)
            request.write("request", to: &flow)
            flow.number("status", status)
            flow.text("reason", reason)
            flow.text("response_version", responseVersion)
            flow.text("content_type", contentType)
            response?.write("response", to: &flow)
            flow.text("answered_by", answeredBy.rawValue)
            timings.write("timings", to: &flow)
            clientTLS?.write("client_tls", to: &flow)
            serverTLS?.write("server_tls", to: &flow)
            if let error {
                flow.object("error") {
                    $0.text("kind", error.kind)
                    $0.text("text", error.text)
                }
            }
            if let withheld { flow.texts("withheld", withheld) }
        }
        bytes = json.bytes
    }
}

extension ProxyAddress {
    fileprivate func write(_ key: StaticString, to json: inout JSONText) {
        json.object(key) {
            $0.text("address", address)
            $0.number("port", port)
        }
    }
}

extension ProxyMessage {
    fileprivate func write(_ key: StaticString, to json: inout JSONText) {
        json.object(key) { message in
            message.objects("headers", headers) { $1.write(to: &$0) }
            message.objects("trailers", trailers) { $1.write(to: &$0) }
            message.object("body") {
                $0.base64("bytes", body.bytes)
                $0.number("length", body.length)
                $0.text("sha256", body.sha256)
                $0.flag("cut", body.isCut)
            }
        }
    }
}

extension ProxyHeader {
    fileprivate func write(to json: inout JSONText) {
        json.text("name", name)
        json.text("value", value)
    }
}

extension ProxyTimings {
    fileprivate func write(_ key: StaticString, to json: inout JSONText) {
        json.object(key) {
            $0.number("start", start)
            $0.number("request_end", requestEnd)
            $0.number("connect_start", connectStart)
            $0.number("connect_end", connectEnd)
            $0.number("response_start", responseStart)
            $0.number("end", end)
        }
    }
}

extension ProxyTLSLeg {
    fileprivate func write(_ key: StaticString, to json: inout JSONText) {
        json.object(key) {
            $0.text("version", version)
            $0.text("cipher", cipher)
            $0.text("sni", sni)
            $0.text("alpn", alpn)
            $0.text("client_random", clientRandom)
            $0.text("leaf_sha256", leafSHA256)
            $0.text("root_sha256", rootSHA256)
        }
    }
}
