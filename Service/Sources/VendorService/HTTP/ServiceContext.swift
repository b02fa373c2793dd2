import Hummingbird

/// What is known of a request beside its bytes: who is at the other end of the wire, for ``Rates`` alone.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let peer: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress ?? ""
    }
}
