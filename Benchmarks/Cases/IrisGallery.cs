using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// Generated right eyes of one shape as blocks and, where asked for, as rows. A gallery larger than what is made holds
/// those eyes again, turned by whole words.
/// </summary>
internal sealed class IrisGallery
{
    public const int RightEye = 1;

    private const int EyesMade = 4096;

    private readonly byte[][] rows;

    private IrisGallery(IrisShape shape, IrisBlock[] blocks, byte[][] rows)
    {
        Shape = shape;
        Blocks = blocks;
        this.rows = rows;
    }

    public IrisShape Shape { get; }

    public IrisBlock[] Blocks { get; }

    /// <summary>The rows of a block, where rows were asked for.</summary>
    public Rows RowsOf(int block) => new(rows[block], rows[block].Length / IrisBlock.Lanes);

    /// <summary>Captures of people whom no gallery of this seed holds in the same condition.</summary>
    public static IrisCode[] Probes(IrisShape shape, int count) =>
        [.. Enumerable.Range(0, count).Select(i => new SyntheticPopulation(2).Person(i).Iris(RightEye, 1, shape))];

    public static IrisGallery Create(IrisShape shape, int blocks, bool withRows, CancellationToken cancel)
    {
        int made = Math.Min(EyesMade, blocks * IrisBlock.Lanes);
        IrisCode[] eyes = new IrisCode[made];
        Parallel.For(0, made, i => eyes[i] = new SyntheticPopulation(2).Person(i).Iris(RightEye, 0, shape));
        IrisBlock[] gallery = new IrisBlock[blocks];
        byte[][] rows = new byte[withRows ? blocks : 0][];
        int stride = eyes.Max(IrisRow.BytesOf);
        Parallel.For(0, blocks, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            gallery[i] = new IrisBlock(shape, sharedMask: true);
            byte[] own = withRows
                ? rows[i] = GC.AllocateUninitializedArray<byte>(IrisBlock.Lanes * stride, pinned: true) : [];
            for (int lane = 0; lane < IrisBlock.Lanes; lane++)
            {
                int at = (i * IrisBlock.Lanes) + lane;
                IrisCode eye = eyes[at % made];
                eye = eye with { Code = Turned(eye.Code.Span, at / made), Mask = Turned(eye.Mask.Span, at / made) };
                gallery[i].Write(lane, eye.Code.Span, eye.Mask.Span);
                if (withRows)
                {
                    IrisRow.Write(eye, own.AsSpan(lane * stride, stride));
                }
            }
        });
        return new IrisGallery(shape, gallery, rows);
    }

    private static ulong[] Turned(ReadOnlySpan<ulong> words, int by)
    {
        ulong[] turned = new ulong[words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            turned[i] = words[(i + by) % words.Length];
        }

        return turned;
    }

    /// <summary>Rows of one length, lane by lane.</summary>
    internal readonly struct Rows(byte[] memory, int stride) : IEyeRows
    {
        public ReadOnlySpan<byte> Row(int lane) => memory.AsSpan(lane * stride, stride);
    }
}
