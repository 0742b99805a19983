import Foundation
import Recurrent
import Testing

@testable import Training

@Suite struct AdamTests {
  private func network() throws -> Network {
    var random = RandomSource(seed: 9)
    return try NetworkPlan(units: 3).makeNetwork(
      for: TaskShape(symbols: ["a", "b"]), random: &random)
  }

  /// Against the paper's algorithm in Double.
  @Test func stepsAreThoseOfThePaper() throws {
    let pass = try BackwardPass(network())
    let adam = Adam(layout: pass.layout, weightDecay: 0.1, largestNorm: 0.5)
    let block = try #require(pass.layout.blocks.first)
    var expected = block.range.map { Double(pass.parameters.pointer[$0]) }
    var first = expected.map { _ in 0.0 }
    var second = first
    for step in 1...5 {
      var squares = 0.0
      for block in pass.layout.blocks {
        for index in block.range {
          let gradient = Float((index * 7 + step) % 5) - 2
          pass.gradients.pointer[index] = gradient
          squares += Double(gradient * gradient)
        }
      }
      let clip = min(1, 0.5 / squares.squareRoot())
      for k in expected.indices {
        let gradient = Double(pass.gradients.pointer[block.offset + k]) * clip
        first[k] = 0.9 * first[k] + 0.1 * gradient
        second[k] = 0.999 * second[k] + 0.001 * gradient * gradient
        let m = first[k] / (1 - pow(0.9, Double(step)))
        let v = second[k] / (1 - pow(0.999, Double(step)))
        expected[k] -= 0.01 * (m / (v.squareRoot() + 1e-8) + 0.1 * expected[k])
      }
      let norm = adam.step(
        parameters: pass.parameters, gradients: pass.gradients, learningRate: 0.01)
      #expect(abs(norm - squares.squareRoot()) < 1e-9)
    }
    for k in expected.indices {
      #expect(abs(Double(pass.parameters.pointer[block.offset + k]) - expected[k]) < 2e-6)
    }
  }

  @Test func biasesDoNotDecay() throws {
    let pass = try BackwardPass(network())
    let bias = try #require(pass.layout.blocks.first { $0.kind == .inputBias })
    let before = pass.network
    let adam = Adam(layout: pass.layout, weightDecay: 0.5)
    adam.step(parameters: pass.parameters, gradients: pass.gradients, learningRate: 0.1)
    #expect(pass.network.layers[0].weights[0].inputBias == before.layers[0].weights[0].inputBias)
    #expect(
      pass.network.layers[0].weights[0].inputWeights != before.layers[0].weights[0].inputWeights)
    #expect(bias.shape == [12])
  }

  @Test func theRateDecays() {
    let cosine = LearningRate(1, end: 0, decay: .cosine)
    #expect(cosine.at(step: 0, of: 11) == 1)
    #expect(abs(cosine.at(step: 5, of: 11) - 0.5) < 1e-6)
    #expect(abs(cosine.at(step: 10, of: 11)) < 1e-6)
    let exponential = LearningRate(1, end: 0.01, decay: .exponential)
    #expect(abs(exponential.at(step: 5, of: 11) - 0.1) < 1e-6)
    #expect(LearningRate(0.5).at(step: 7, of: 11) == 0.5)
  }

  @Test func forgetGatesStartOpen() throws {
    let weights = try network().layers[0].weights[0]
    #expect(Array(try #require(weights.inputBias)[3..<6]) == [1, 1, 1])
    #expect(weights.recurrentWeights.allSatisfy { abs($0) <= 1 / Float(3).squareRoot() })
    var random = RandomSource(seed: 1)
    let long = try NetworkPlan(units: 50, memorySpan: 100).makeNetwork(
      for: TaskShape(symbols: ["a"]), random: &random)
    let bias = try #require(long.layers[0].weights[0].inputBias)
    #expect(bias[50..<100].allSatisfy { $0 >= 0 && $0 < 4.6 })
    #expect(zip(bias[50..<100], bias[100..<150]).allSatisfy { $0 == -$1 })
  }
}
