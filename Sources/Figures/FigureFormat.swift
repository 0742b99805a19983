import CRsvg

/// What a figure is written as, by the name of its file.
public enum FigureFormat: String, Sendable, CaseIterable {
  case svg, png, pdf

  /// - Throws: `FigureError.unknownFormat` for another name.
  public init(forPath path: String) throws(FigureError) {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
    guard let format = ending.flatMap(Self.init) else { throw .unknownFormat(path: path) }
    self = format
  }

  /// The bytes of a file.
  ///
  /// - Parameter resolution: of a PNG, in pixels an inch.
  /// - Throws: `FigureError.noRenderer` where librsvg or cairo is not installed, `.tooLarge` where a PNG
  ///   would be, `.notDrawn` where they failed.
  public func bytes(of scene: Scene, resolution: Double = 300) throws(FigureError) -> [UInt8] {
    if self == .svg { return Array(SVGWriter.text(of: scene).utf8) }
    guard gs_rsvg_load() != 0 else { throw .noRenderer(self) }
    let isPicture = self == .png
    let scale = isPicture ? resolution / 72 : 1
    let (width, height) = (scene.width * scale, scene.height * scale)
    // As cairo has it.
    if isPicture, max(width, height) > 32_000 { throw .tooLarge }
    let svg = Array(SVGWriter.text(of: scene, isForPrint: !isPicture).utf8)
    let output = Output()
    let isDrawn = svg.withUnsafeBytes { buffer in
      gs_rsvg_render(
        buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count,
        Int32(isPicture ? GS_RSVG_PNG : GS_RSVG_PDF), isPicture ? width.rounded() : width,
        isPicture ? height.rounded() : height,
        { context, start, count in
          guard let context else { return 1 }
          Unmanaged<Output>.fromOpaque(context).takeUnretainedValue().bytes += UnsafeBufferPointer(
            start: start, count: count)
          return 0
        }, Unmanaged.passUnretained(output).toOpaque())
    }
    guard isDrawn != 0, !output.bytes.isEmpty else { throw .notDrawn(self) }
    return output.bytes
  }

  private final class Output {
    var bytes: [UInt8] = []
  }
}

/// Why there is no figure.
public enum FigureError: Error, Equatable, CustomStringConvertible {
  case unknownFormat(path: String)
  case noRenderer(FigureFormat)
  case tooLarge
  case notDrawn(FigureFormat)

  public var description: String {
    switch self {
    case .unknownFormat(let path): "\(path): a figure's name ends in .svg, .png or .pdf"
    case .noRenderer(let format):
      "a .\(format.rawValue) is drawn by librsvg and cairo, which are not here (on Debian: apt install "
        + "librsvg2-2); .svg needs neither"
    case .tooLarge: "a .png of that size has no room; make it narrower, show less, or write .svg"
    case .notDrawn(let format): "librsvg could not draw the .\(format.rawValue); write .svg"
    }
  }
}
