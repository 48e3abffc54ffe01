namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>Two minutiae, one of each print, that are taken to be the same: a pair.</summary>
/// <param name="Probe">Index of the probe's cylinder.</param>
/// <param name="Row">Index of the gallery row's cylinder.</param>
/// <param name="Distance">Left between them after alignment, 1/8 pixel at 500 dpi.</param>
/// <param name="Turn">Left between their directions, 65536ths of a turn, 0 or more.</param>
internal readonly record struct MinutiaPair(byte Probe, byte Row, short Distance, short Turn);

/// <summary>
/// How far a paired minutia was from where the rigid motion put it: it pulls its neighbours along.
/// </summary>
/// <param name="Row">Index of the gallery row's cylinder.</param>
/// <param name="X">Its place in the row, units.</param>
/// <param name="Y">Its place in the row, units.</param>
/// <param name="ByX">Probe minus moved row, units.</param>
/// <param name="ByY">Probe minus moved row, units.</param>
internal readonly record struct Pull(int Row, double X, double Y, double ByX, double ByY);
