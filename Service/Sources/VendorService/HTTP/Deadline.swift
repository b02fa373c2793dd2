import NIOCore
import NIOHTTPTypes

/// Closes a connection whose next request does not come, or does not come to its end, in time or within bounds.
///
/// A timer that every byte sets back would let one byte in ten seconds keep a connection for days.
final class Deadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limit: TimeAmount
    private let bytes: Int
    private var timer: Scheduled<Void>?
    private var received = 0

    init(_ limit: TimeAmount, bytes: Int) {
        self.limit = limit
        self.bytes = bytes
    }

    func handlerAdded(context: ChannelHandlerContext) { start(context) }
    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            received = 0
            start(context)
        case .body(let buffer):
            received += buffer.readableBytes
            guard received <= bytes else { return context.close(promise: nil) }
        case .end: timer?.cancel()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { start(context) }
        context.write(data, promise: promise)
    }

    private func start(_ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }
}
