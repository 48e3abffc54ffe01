namespace MatchCluster.Matching.Irises;

/// <summary>The techniques that count differing and valid bits, narrowest first.</summary>
internal enum BitCounting
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}
