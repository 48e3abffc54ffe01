namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Where the rows of a block's lanes lie; a struct, so that the loop is compiled for it.</summary>
internal interface IEyeRows
{
    /// <summary>The row (<see cref="IrisRow"/>) of a lane that holds an eye, and nothing after it.</summary>
    ReadOnlySpan<byte> Row(int lane);
}
