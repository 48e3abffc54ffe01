using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;
using Xunit.Sdk;

namespace MatchCluster.Matching.Tests.Templates;

/// <summary>
/// A second of damaged templates for every decoder: nothing is thrown, every rejection says what was found
/// and wanted, what is accepted is sound enough to be written again, and memory stays in proportion to the
/// input. MATCHCLUSTER_SEED repeats a failure or starts elsewhere.
/// </summary>
public sealed class TemplateFuzzTests
{
    private const int Mutations = 3400;

    private static readonly int Seed = int.Parse(
        Environment.GetEnvironmentVariable("MATCHCLUSTER_SEED") ?? "1000", CultureInfo.InvariantCulture);

    public static TheoryData<TemplateFormat> Fingers => [.. FieldRecords.Fingers];

    [Theory]
    [MemberData(nameof(Fingers))]
    public void Damaged_minutiae_records_do_no_harm(TemplateFormat format)
    {
        byte[] written = FingerRecords.Encode(format, SyntheticRecords.Views(new Random(Seed), 3));
        byte[][] valid =
        [
            RawRecords.Of(format),
            written,
            [.. written, .. new byte[40]],
            FingerRecords.Encode(format, [SomeRidges.View(), SomeRidges.View(70)]),
            .. format == TemplateFormat.Ansi378v2009 ? (byte[][])[RawRecords.Ansi2009(draft: true)] : [],
        ];
        Run(
            valid,
            bytes => RepairLength(bytes, format),
            bytes => FingerRecords.Decode(format, bytes),
            record => CheckSound(record, format));
    }

    [Fact]
    public void Damaged_iris_templates_do_no_harm() => Run(
        [
            IrisTemplates.EncodeMatchCluster(Code(IrisShape.D2048, sharedMask: true)),
            IrisTemplates.EncodeMatchCluster(Code(IrisShape.D2048, sharedMask: false)),
        ],
        RepairChecksum,
        bytes => IrisTemplates.Decode(TemplateFormat.MatchClusterIris, bytes),
        CheckSound);

    [Fact]
    public void Damaged_open_iris_JSON_does_no_harm() => Run(
        [
            IrisTemplates.EncodeOpenIrisJson(Code(IrisShape.OpenIris12800, sharedMask: true)),
            [
                .. "{\"weights\": [NaN, -Infinity, \"N\\\"aN\"], \"iris_template\": "u8,
                .. IrisTemplates.EncodeOpenIrisJson(Code(IrisShape.OpenIris12800, sharedMask: true)), (byte)'}',
            ],
        ],
        _ => { },
        bytes => IrisTemplates.Decode(TemplateFormat.OpenIrisJson, bytes),
        CheckSound);

    private static void Run<T>(
        byte[][] valid, Action<byte[]> repair, Func<byte[], Decoded<T>> decode, Action<T> checkSound)
        where T : class
    {
        Assert.All(valid, template => Assert.True(decode(template).IsAccepted));
        for (int i = 0; i < Mutations; i++)
        {
            int seed = Seed + i;
            TemplateFuzzer fuzzer = new(seed);
            byte[] bytes = fuzzer.Mutate(valid[i % valid.Length]);
            if (fuzzer.ShouldRepair())
            {
                repair(bytes);
            }

            try
            {
                CheckOne(bytes, decode, checkSound);
            }
            catch (Exception fault)
            {
                throw new XunitException(
                    $"mutation {i} of seed {Seed}; repeat with MATCHCLUSTER_SEED={Seed}; "
                    + $"bytes {Convert.ToHexString(bytes)}", fault);
            }
        }
    }

    private static void CheckOne<T>(byte[] bytes, Func<byte[], Decoded<T>> decode, Action<T> checkSound)
        where T : class
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Decoded<T> decoded = decode(bytes);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 64 * 1024 + (16 * bytes.Length));
        if (decoded.IsAccepted)
        {
            checkSound(decoded.Value);
        }
        else
        {
            Assert.NotEmpty(decoded.Rejection.Found);
            Assert.NotEmpty(decoded.Rejection.Wanted);
            Assert.InRange(decoded.Rejection.Offset, -1, bytes.Length);
        }
    }

    private static void CheckSound(FingerRecord record, TemplateFormat format)
    {
        bool hasRoom = format is TemplateFormat.Iso19794v2011 or TemplateFormat.Ansi378v2009;
        foreach (FingerView view in record.Views)
        {
            FingerView one = hasRoom
                ? view
                : view with { ViewNumber = view.ViewNumber & 15, Impression = view.Impression & 15 };
            FingerRecord again = Same.Accepted(
                FingerRecords.Decode(format, FingerRecords.Encode(format, [one])));
            Same.Views([one], again.Views);
        }

        Assert.All(
            record.Forgiven, each => Assert.StartsWith($"{each.Code}: ", each.ToString(), StringComparison.Ordinal));
        Assert.Equal(record.Forgiven.Count, record.Forgiven.Select(each => each.Kind).Distinct().Count());
    }

    private static void CheckSound(IrisCode code) => Same.Codes(
        code, Same.Accepted(IrisTemplates.Decode(
            TemplateFormat.MatchClusterIris, IrisTemplates.EncodeMatchCluster(code))));

    private static IrisCode Code(IrisShape shape, bool sharedMask) =>
        SyntheticRecords.Code(new Random(Seed), shape, sharedMask);

    private static void RepairLength(byte[] bytes, TemplateFormat format)
    {
        if (bytes.Length >= 12 && format == TemplateFormat.Ansi378v2004)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), (ushort)bytes.Length);
        }
        else if (bytes.Length >= 12)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), (uint)bytes.Length);
        }
    }

    private static void RepairChecksum(byte[] bytes)
    {
        if (bytes.Length >= 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^4..), Crc32.HashToUInt32(bytes.AsSpan(..^4)));
        }
    }
}
