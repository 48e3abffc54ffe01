using System.Globalization;
using System.Numerics;
using System.Text;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// Public vectors made with open-iris itself: two random templates with the distances its matcher gives, and
/// one code at each of 31 rotations, bit by bit.
/// </summary>
public sealed class OpenIrisVectorTests
{
    private const int Rotations = 15;

    [SkippableFact]
    public void Distances_of_the_random_templates_are_those_of_open_iris()
    {
        string[] lines = File.ReadAllLines(SharedData.Path("eyes", "random_codes.txt"));
        IrisCode first = Import(lines[0], lines[1]);
        IrisCode second = Import(lines[2], lines[3]);

        Assert.Equal(0.5130759651307597, Distance(first, second, 0));
        Assert.Equal(
            0.48108602806589384,
            Enumerable.Range(-Rotations, (2 * Rotations) + 1).Min(shift => Distance(first, second, shift)));
    }

    [SkippableFact]
    public void Every_import_is_exported_to_the_same_text()
    {
        foreach (string file in new[] { "random_codes.txt", "flipped_codes.txt" })
        {
            string[] lines = File.ReadAllLines(SharedData.Path("eyes", file));
            for (int i = 0; i < 4; i += 2)
            {
                byte[] json = IrisTemplates.EncodeOpenIrisJson(Import(lines[i], lines[i + 1]));

                Assert.StartsWith(
                    $$"""{"iris_codes":"{{lines[i]}}","mask_codes":"{{lines[i + 1]}}",""",
                    Encoding.UTF8.GetString(json), StringComparison.Ordinal);
            }
        }
    }

    [SkippableFact]
    public void All_31_rotations_are_cyclic_shifts_of_the_columns()
    {
        string[] lines = File.ReadAllLines(SharedData.Path("eyes", "all_rotations.txt"));
        IrisCode straight = Import(lines[0], lines[0]);
        int seen = 0;
        foreach (string line in lines.Where(line => line.Contains(": ", StringComparison.Ordinal)))
        {
            string[] parts = line.Split(": ");
            int shift = int.Parse(parts[0], CultureInfo.InvariantCulture);
            string packed = Convert.ToBase64String(PackedBits(parts[1]));

            IrisCode rotated = Import(packed, packed);

            ulong[] expected = Shifted(straight.Code.Span, shift);
            Assert.True(rotated.Code.Span.SequenceEqual(expected), $"rotation {shift}");
            seen++;
        }

        Assert.Equal((2 * Rotations) + 1, seen);
    }

    private static IrisCode Import(string codes, string masks) => Same.Accepted(IrisTemplates.Decode(
        TemplateFormat.OpenIrisJson,
        Encoding.UTF8.GetBytes($$"""{"iris_codes": "{{codes}}", "mask_codes": "{{masks}}"}""")));

    private static byte[] PackedBits(string text)
    {
        bool[] bits = [.. text.Where(c => c != ' ').Select(c => c == '1')];
        byte[] packed = new byte[bits.Length / 8];
        for (int i = 0; i < bits.Length; i++)
        {
            packed[i / 8] |= (byte)(bits[i] ? 0x80 >> (i % 8) : 0);
        }

        return packed;
    }

    /// <summary>A column of these shapes is one word, so columns shift as words do.</summary>
    private static ulong[] Shifted(ReadOnlySpan<ulong> columns, int by)
    {
        ulong[] shifted = new ulong[columns.Length];
        for (int i = 0; i < shifted.Length; i++)
        {
            shifted[(i + by + shifted.Length) % shifted.Length] = columns[i];
        }

        return shifted;
    }

    private static double Distance(IrisCode probe, IrisCode gallery, int shift)
    {
        ulong[] code = Shifted(probe.Code.Span, shift);
        ulong[] mask = Shifted(probe.Mask.Span, shift);
        int different = 0;
        int valid = 0;
        for (int i = 0; i < code.Length; i++)
        {
            ulong both = mask[i] & gallery.Mask.Span[i];
            different += BitOperations.PopCount((code[i] ^ gallery.Code.Span[i]) & both);
            valid += BitOperations.PopCount(both);
        }

        return (double)different / valid;
    }
}
