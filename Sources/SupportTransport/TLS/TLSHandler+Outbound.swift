import NIOCore

/// Writing, closing and telling.
extension TLSHandler {
    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard state != .closed, state != .closing, !isOutputClosed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        waitingWrites.append(WaitingWrite(bytes: unwrapOutboundIn(data), promise: promise))
    }

    package func flush(context: ChannelHandlerContext) {
        waitingWrites.mark()
        guard state == .established else { return context.flush() }
        encryptWaiting(context)
        isFlushNeeded = false
        context.flush()
        // A write can only fail by OpenSSL giving up on the connection.
        deliver(context)
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch (mode, state) {
        case (.input, _): context.close(mode: .input, promise: promise)
        case (.output, .established): closeOutput(context, promise)
        case (.output, _): promise?.fail(ChannelError.ioOnClosedChannel)
        case (.all, .established): closeAll(context, promise)
        case (.all, .closing): join(promise)
        case (.all, _):
            // An alert may still be waiting to be sent.
            if state == .closed { flushRecords(context, promise: nil) }
            finish(TLSFailure(.closedLocally))
            context.close(mode: .all, promise: promise)
        }
    }

    private func closeOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        guard !isOutputClosed else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        encryptWaiting(context)
        isOutputClosed = true
        failWaiting(ChannelError.outputClosed)
        connection?.sendCloseNotify()
        flushRecords(context, promise: promise)
        if isInputClosed { deliveries.append(.close) }
        deliver(context)
    }

    private func closeAll(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        encryptWaiting(context)
        isOutputClosed = true
        failWaiting(ChannelError.ioOnClosedChannel)
        connection?.sendCloseNotify()
        guard !isInputClosed else {
            flushRecords(context, promise: nil)
            finish(TLSFailure(.closedLocally))
            return context.close(mode: .all, promise: promise)
        }
        state = .closing
        join(promise)
        closeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: timeouts.close) {
            guard self.state == .closing else { return }
            self.deliveries.append(.close)
            self.deliver(context)
        }
        flushRecords(context, promise: nil)
        context.read()
    }

    private func join(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        if let closePromise { closePromise.futureResult.cascade(to: promise) } else { closePromise = promise }
    }

    /// Encrypts what has been flushed: neighbours that are small go into one record, so that many small writes cost one.
    ///
    /// Everything is encrypted before anything is written: a promise that completes at once may lead to another write, whose
    /// records must not overtake.
    func encryptWaiting(_ context: ChannelHandlerContext) {
        guard state == .established, let connection else { return }
        stageRecords(promise: nil)
        while waitingWrites.hasMark, let first = waitingWrites.popFirst() {
            var bytes = first.bytes
            var promises = [first.promise].compactMap(\.self)
            while waitingWrites.hasMark, let next = waitingWrites.first,
                bytes.readableBytes + next.bytes.readableBytes <= 16384
            {
                _ = waitingWrites.popFirst()
                bytes.writeImmutableBuffer(next.bytes)
                if let promise = next.promise { promises.append(promise) }
            }
            if let failure = connection.write(bytes) {
                for promise in promises { promise.fail(failure) }
                fail(failure)
                break
            }
            stageRecords(promise: Self.one(for: promises, on: context.eventLoop))
        }
        writeRecords(context)
    }

    /// A promise that completes all of `promises`, in their order.
    private static func one(for promises: [EventLoopPromise<Void>], on loop: any EventLoop) -> EventLoopPromise<Void>? {
        guard promises.count > 1 else { return promises.first }
        let all = loop.makePromise(of: Void.self)
        all.futureResult.whenComplete { result in
            for promise in promises { promise.completeWith(result) }
        }
        return all
    }

    /// Queues what OpenSSL has made for sending.
    private func stageRecords(promise: EventLoopPromise<Void>?) {
        let bytes = connection?.outbound ?? ByteBuffer()
        guard bytes.readableBytes > 0 || promise != nil else { return }
        connection?.outbound = ByteBuffer()
        records.append(WaitingWrite(bytes: bytes, promise: promise))
    }

    /// Always from the front of the queue, so that a write from inside a write continues it.
    private func writeRecords(_ context: ChannelHandlerContext) {
        while let next = records.popFirst() {
            isFlushNeeded = true
            context.write(wrapOutboundOut(next.bytes), promise: next.promise)
        }
    }

    func flushRecords(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        stageRecords(promise: promise)
        writeRecords(context)
        guard isFlushNeeded else { return }
        isFlushNeeded = false
        context.flush()
    }

    // MARK: Telling

    /// Tells everything collected, in order. A call from inside a call only leaves its deliveries to the outer one.
    func deliver(_ context: ChannelHandlerContext) {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while let delivery = deliveries.popFirst() {
            switch delivery {
            case .bytes(let bytes): context.fireChannelRead(wrapInboundOut(bytes))
            case .event(let event): context.fireUserInboundEventTriggered(event)
            case .error(let failure): context.fireErrorCaught(failure)
            case .promise(let complete): complete()
            case .inputClosed: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            case .inactive: context.fireChannelInactive()
            case .close: closeChannel(context)
            case .remove: context.pipeline.syncOperations.removeHandler(self, promise: nil)
            }
        }
    }

    private func closeChannel(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        encryptWaiting(context)
        flushRecords(context, promise: nil)
        let promise = closePromise
        closePromise = nil
        finish(TLSFailure(.closedLocally))
        context.close(mode: .all, promise: promise)
    }

    /// Notes that the connection is over, and why. What OpenSSL still wants to say is sent before the channel closes.
    func fail(_ failure: TLSFailure) {
        guard state != .closed else { return }
        if state != .closing {
            deliveries.append(.event(.failed(failure)))
            deliveries.append(.error(failure))
        }
        state = .closed
        handshakeTimer?.cancel()
        if let handshakePromise { deliveries.append(.promise { handshakePromise.fail(failure) }) }
        handshakePromise = nil
        deliveries.append(.promise { self.failWaiting(failure) })
        deliveries.append(.close)
    }

    /// Lets go of the connection. Whatever was still waiting fails with `failure`, unless something told it before.
    func finish(_ failure: TLSFailure) {
        handshakeTimer?.cancel()
        closeTimer?.cancel()
        handshakeTimer = nil
        closeTimer = nil
        state = .closed
        connection = nil
        handshakePromise?.fail(failure)
        handshakePromise = nil
        closePromise?.succeed()
        closePromise = nil
        failWaiting(ChannelError.ioOnClosedChannel)
    }

    private func failWaiting(_ error: any Error) {
        while let write = waitingWrites.popFirst() { write.promise?.fail(error) }
    }
}
