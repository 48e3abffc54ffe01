using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Irises;

/// <summary>
/// Public vectors of 12,800-bit codes with the distances that open-iris' own matcher gave, held beside the
/// repository. They fix the bit order, the sign of a rotation and the distance itself against software that
/// is not ours.
/// </summary>
public class PublishedIrisVectorsTests
{
    private const int Bits = 12_800;

    [SkippableFact]
    public void Distances_of_random_codes_are_those_of_open_iris()
    {
        string[] lines = File.ReadAllLines(SharedData.Path("eyes", "random_codes.txt"));
        IrisCode first = Code(lines[0], lines[1]);
        byte[] second = TestIrises.RowOf(Code(lines[2], lines[3]));
        double wantedAtRest = double.Parse(lines[4]);
        double wantedTurned = double.Parse(lines[5]);
        Assert.Equal(0.5130759651307597, wantedAtRest);
        Assert.Equal(0.48108602806589384, wantedTurned);
        foreach (BitCounting counting in TestIrises.Countings)
        {
            IrisProbe still = new(first, 0);
            Assert.True(IrisScorer.TryCompare(still, second, counting, out IrisComparison atRest));
            Assert.True(IrisScorer.TryCompare(new(first), second, counting, out IrisComparison turned));
            Assert.Equal(wantedAtRest, atRest.Distance, 1e-12);
            Assert.Equal(wantedTurned, turned.Distance, 1e-12);
        }
    }

    [SkippableFact]
    public void Each_of_the_31_published_rotations_is_ours_with_the_same_sign()
    {
        string[] lines = File.ReadAllLines(SharedData.Path("eyes", "all_rotations.txt"));
        ulong[] mask = TestIrises.Filled(Bits / 64, ulong.MaxValue);
        IrisCode code = TestIrises.Of(IrisShape.OpenIris12800, Unpack(lines[0]), mask);
        IrisProbe probe = new(code);
        int seen = 0;
        foreach (string line in lines.Where(l => l.Contains(": ", StringComparison.Ordinal)))
        {
            int colon = line.IndexOf(':');
            int rotation = int.Parse(line[..colon]);
            byte[] packed = Packed(line[(colon + 1)..].Where(c => c is '0' or '1').Select(c => c == '1'));
            byte[] row = TestIrises.RowOf(TestIrises.Of(code.Shape, OpenIrisBits.Unpack(packed), mask));
            Assert.True(IrisScorer.TryCompare(probe, row, out IrisComparison comparison));
            Assert.Equal(new IrisComparison(0, Bits, rotation), comparison);
            seen++;
        }

        Assert.Equal(31, seen);
    }

    /// <summary>
    /// The file holds a code, its mask and both after the flip that its text defines (each half of the
    /// columns mirrored, every imaginary bit inverted). Flipping them again must give distance 0 to the
    /// original.
    /// </summary>
    [SkippableFact]
    public void A_published_flipped_code_flipped_back_is_the_original()
    {
        string[] lines = File.ReadAllLines(SharedData.Path("eyes", "flipped_codes.txt"));
        IrisCode code = Code(lines[0], lines[1]);
        IrisCode flipped = Code(lines[2], lines[3]);
        IrisProbe probe = new(code);

        byte[] back = TestIrises.RowOf(FlippedBack(flipped));
        Assert.True(IrisScorer.TryCompare(probe, back, out IrisComparison same));
        Assert.Equal(new IrisComparison(0, probe.ValidBits, 0), same);
        Assert.True(IrisScorer.TryCompare(probe, TestIrises.RowOf(flipped), out IrisComparison other));
        Assert.InRange(other.Distance, 0.45, 0.5);
    }

    private static IrisCode FlippedBack(IrisCode code)
    {
        ulong[] bits = new ulong[code.Shape.Words];
        ulong[] mask = new ulong[code.Shape.Words];
        int half = code.Shape.Columns / 2;
        for (int column = 0; column < code.Shape.Columns; column++)
        {
            // A column of this shape is exactly one word; the imaginary bit is the second of each pair.
            int from = column < half ? half - 1 - column : (3 * half) - 1 - column;
            bits[column] = code.Code.Span[from] ^ 0xAAAAAAAAAAAAAAAA;
            mask[column] = code.Mask.Span[from];
        }

        return TestIrises.Of(code.Shape, bits, mask);
    }

    private static IrisCode Code(string code, string mask) =>
        TestIrises.Of(IrisShape.OpenIris12800, Unpack(code), Unpack(mask));

    private static ulong[] Unpack(string base64) => OpenIrisBits.Unpack(Convert.FromBase64String(base64));

    /// <summary>Bits to bytes, most significant first.</summary>
    private static byte[] Packed(IEnumerable<bool> bits)
    {
        byte[] packed = new byte[Bits / 8];
        int at = 0;
        foreach (bool bit in bits)
        {
            packed[at / 8] |= (byte)(bit ? 0x80 >> (at % 8) : 0);
            at++;
        }

        Assert.Equal(Bits, at);
        return packed;
    }
}
