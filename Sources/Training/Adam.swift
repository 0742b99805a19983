import CLSTMKernel
import Recurrent

/// Adam (Kingma & Ba 2015), with weight decay apart from the gradient (Loshchilov & Hutter 2019)
/// and clipping by the norm of all gradients together (Pascanu et al. 2013).
///
/// Not safe to share between threads.
public final class Adam {
  public var weightDecay: Float
  /// The largest norm of the gradient that is followed in full; nil for any.
  public var largestNorm: Float?
  private let layout: ParameterLayout
  private let first: FloatBuffer
  private let second: FloatBuffer
  private var steps = 0

  private static let beta1: Float = 0.9
  private static let beta2: Float = 0.999
  private static let epsilon: Float = 1e-8

  public init(layout: ParameterLayout, weightDecay: Float = 0, largestNorm: Float? = 1) {
    self.layout = layout
    self.weightDecay = weightDecay
    self.largestNorm = largestNorm
    first = FloatBuffer(count: layout.count)
    second = FloatBuffer(count: layout.count)
  }

  /// One step against `gradients`. Biases and peepholes do not decay.
  ///
  /// - Returns: the norm of the gradient before clipping.
  @discardableResult
  public func step(
    parameters: FloatBuffer, gradients: FloatBuffer, learningRate: Float
  ) -> Double {
    steps += 1
    let norm = gs_sum_of_squares(layout.count, gradients.pointer).squareRoot()
    var scale: Float = 1
    if let largestNorm, norm > Double(largestNorm) { scale = Float(Double(largestNorm) / norm) }
    for block in layout.blocks {
      let settings = gs_adam(
        rate: learningRate, beta1: Self.beta1, beta2: Self.beta2, epsilon: Self.epsilon,
        correction1: 1 - power(Self.beta1, steps), correction2: 1 - power(Self.beta2, steps),
        decay: block.kind.isWeight ? weightDecay : 0, scale: scale)
      let offset = block.offset
      gs_adam_step(
        settings, block.count, gradients.pointer + offset, first.pointer + offset,
        second.pointer + offset, parameters.pointer + offset)
    }
    return norm
  }

  /// The running means of the gradient and of its square, in the parameters' layout.
  struct Moments: Sendable, Equatable {
    var first: [Float]
    var second: [Float]
  }

  var moments: Moments { Moments(first: first.values, second: second.values) }

  /// Goes on where another optimiser for the same layout stood after `steps` steps.
  func take(_ moments: Moments, steps: Int) {
    first.take(moments.first)
    second.take(moments.second)
    self.steps = steps
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    var result = 1.0
    var factor = Double(base)
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return Float(result)
  }
}
