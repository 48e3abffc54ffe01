using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Tests.Irises;
using Xunit.Abstractions;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>Every form of the comparison returns the integer of the plain one.</summary>
public sealed class FingerKernelTests(ITestOutputHelper output)
{
    private readonly FingerScratch scratch = new();

    [Fact]
    public void The_widest_form_follows_the_switches_that_narrow_the_runtime()
    {
        output.WriteLine($"{FingerKernels.Widest}; 512-bit {Vector512.IsHardwareAccelerated}");

        bool noIntrinsics = IsOff("EnableHWIntrinsic");
        if (noIntrinsics || IsOff("EnableAVX2") || IsOff("EnableAVX"))
        {
            Assert.Equal(FingerKernel.Popcount, FingerKernels.Widest);
        }
        else if (IsOff("EnableAVX512"))
        {
            Assert.NotEqual(FingerKernel.CarrySave512, FingerKernels.Widest);
        }
        else
        {
            // Also where the runtime itself prefers 256 bits.
            Assert.Equal(Avx512BW.VL.IsSupported, FingerKernels.Widest == FingerKernel.CarrySave512);
        }

        static bool IsOff(string name) => Environment.GetEnvironmentVariable("DOTNET_" + name) == "0";
    }

    [Fact]
    public void Every_form_equals_the_plain_one_at_every_size_on_rows_that_end_at_a_guard_page()
    {
        Random random = new(11);
        for (int size = 0; size <= Limits.MinutiaeScored; size++)
        {
            FingerTemplate row = RandomFingers.Template(random, size);
            using GuardedMemory memory = new(row.RowBytes);
            row.WriteRow(memory.Span);
            foreach (int probeSize in new[] { 0, 1, 2, 7, 8, 9, 33, 64, random.Next(65) })
            {
                AssertEveryForm(RandomFingers.Template(random, probeSize), memory.Span, $"{probeSize} x {size}");
            }
        }
    }

    [Fact]
    public void Every_form_equals_the_plain_one_on_prints()
    {
        Random random = new(12);
        for (int i = 0; i < 200; i++)
        {
            FingerTemplate probe = FingerTemplate.Prepare(RandomFingers.View(random, random.Next(90)));
            FingerTemplate row = FingerTemplate.Prepare(RandomFingers.View(random, random.Next(90)));
            AssertEveryForm(probe, row.Row, $"print {i}");
            AssertEveryForm(probe, probe.Row, $"print {i} with itself");
        }
    }

    [Fact]
    public void Cylinders_all_alike_in_one_place_are_compared_in_bounded_work()
    {
        Cylinder[] alike = new Cylinder[Limits.MinutiaeScored];
        for (int i = 0; i < alike.Length; i++)
        {
            alike[i][0] = 7;
        }

        FingerTemplate template = FingerTemplate.FromRow(FingerRow.Write(alike, alike.Length));

        AssertEveryForm(template, template.Row, "alike");
        Assert.Equal(
            FingerScorer.One >> MccParameters.RelaxationRounds,
            FingerScorer.CompareReference(template, template.Row));
    }

    [SkippableFact]
    public void Every_form_equals_the_plain_one_on_fvc2002()
    {
        FingerTemplate[] templates = [.. Fvc2002.Read().Select(f => FingerTemplate.Prepare(f.View))];
        for (int i = 0; i < templates.Length; i += 29)
        {
            for (int j = 0; j < templates.Length; j += 5)
            {
                AssertEveryForm(templates[i], templates[j].Row, $"{i} x {j}");
            }
        }
    }

    private void AssertEveryForm(FingerTemplate probe, ReadOnlySpan<byte> row, string what)
    {
        int wanted = FingerScorer.CompareReference(probe, row);
        Assert.InRange(wanted, 0, FingerScorer.One);
        Assert.Equal(wanted, FingerScorer.Compare(probe, row, scratch));
        foreach (FingerKernel kernel in Enum.GetValues<FingerKernel>().Where(FingerKernels.IsSupported))
        {
            int found = FingerScorer.CompareWith(kernel, probe, row, scratch);
            Assert.True(wanted == found, $"{kernel}, {what}: found {found}, wanted {wanted}");
        }
    }
}
