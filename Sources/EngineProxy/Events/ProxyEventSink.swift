/// Somebody who is told what the proxy does. Called from the proxy's event loops: takes the event and returns at once.
package protocol ProxyEventSink: Sendable {
    func record(_ event: ProxyEvent)
}
