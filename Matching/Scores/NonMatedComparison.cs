namespace MatchCluster.Matching.Scores;

/// <summary>A comparison of two different fingers, as a calibration is fitted to it.</summary>
/// <param name="First">Index of the one view.</param>
/// <param name="Second">Index of the other.</param>
/// <param name="Strength">0..65536, from <see cref="Fingers.FingerMatcher.Compare"/>.</param>
/// <param name="Cylinders">Cylinders of the smaller template.</param>
public readonly record struct NonMatedComparison(int First, int Second, int Strength, int Cylinders);
