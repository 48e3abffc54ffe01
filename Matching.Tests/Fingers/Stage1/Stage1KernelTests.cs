using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Tests.Irises;
using Xunit.Abstractions;

namespace MatchCluster.Matching.Tests.Fingers.Stage1;

/// <summary>Every width of the first stage returns the integer of the plain twin.</summary>
public sealed class Stage1KernelTests(ITestOutputHelper output)
{
    [Fact]
    public void The_widest_level_follows_the_switches_that_narrow_the_runtime()
    {
        output.WriteLine($"{Stage1Levels.Widest}");

        Stage1Level wanted = Avx512BW.IsSupported ? Stage1Level.Vector512
            : Avx2.IsSupported ? Stage1Level.Vector256
            : Vector128.IsHardwareAccelerated ? Stage1Level.Vector128
            : Stage1Level.Scalar;
        Assert.Equal(wanted, Stage1Levels.Widest);
        if (Environment.GetEnvironmentVariable("DOTNET_EnableHWIntrinsic") == "0")
        {
            Assert.Equal(Stage1Level.Scalar, Stage1Levels.Widest);
        }
    }

    [Fact]
    public void Every_width_equals_the_plain_twin_at_every_size_on_blocks_that_end_at_a_guard_page()
    {
        Random random = new(21);
        using GuardedMemory memory = new(Stage1Block.Bytes);
        for (int size = 0; size <= Limits.MinutiaeScored; size++)
        {
            FingerTemplate[] rows =
            [
                .. Enumerable.Range(0, 1 + random.Next(Stage1Parameters.Rows))
                    .Select(i => RandomFingers.Template(random, i == 0 ? size : random.Next(65))),
            ];
            foreach (int probeSize in new[] { size % 9, 40, random.Next(65) })
            {
                AssertEveryWidth(memory, RandomFingers.Template(random, probeSize), rows, $"{probeSize} x {size}");
            }
        }
    }

    [Fact]
    public void Every_width_equals_the_plain_twin_on_prints_and_finds_a_print_in_itself()
    {
        Random random = new(22);
        using GuardedMemory memory = new(Stage1Block.Bytes);
        for (int i = 0; i < 25; i++)
        {
            FingerTemplate[] rows =
            [
                .. Enumerable.Range(0, Stage1Parameters.Rows)
                    .Select(_ => FingerTemplate.Prepare(RandomFingers.View(random, random.Next(100)))),
            ];
            ushort[] distances = AssertEveryWidth(memory, rows[3], rows, $"prints {i}");
            if (new Stage1Probe(rows[3].Row).Cylinders.Length >= Stage1Parameters.Best)
            {
                Assert.Equal(0, distances[3]);
            }
        }
    }

    [Fact]
    public void A_distance_does_not_depend_on_the_templates_that_share_the_block()
    {
        Random random = new(23);
        FingerTemplate row = FingerTemplate.Prepare(RandomFingers.View(random, 60));
        Stage1Probe probe = new(FingerTemplate.Prepare(RandomFingers.View(random, 60)).Row);
        int alone = PlainStage1.Distance(probe, row.Row);
        for (int i = 0; i < 20; i++)
        {
            ushort[] block = new ushort[Stage1Block.Length];
            Stage1Block.Clear(block);
            int place = random.Next(Stage1Parameters.Rows);
            for (int template = 0; template < Stage1Parameters.Rows; template++)
            {
                FingerTemplate other = FingerTemplate.Prepare(RandomFingers.View(random, random.Next(90)));
                Stage1Block.Put(block, template, FingerRow.Over((template == place ? row : other).Row), 0);
            }

            ushort[] distances = new ushort[Stage1Parameters.Rows];
            Stage1Scan.Distances(block, probe, distances);
            Assert.Equal(alone, distances[place]);
        }
    }

    [Fact]
    public void A_probe_of_all_ones_is_near_nothing()
    {
        Cylinder[] full = new Cylinder[Limits.MinutiaeScored];
        for (int i = 0; i < full.Length; i++)
        {
            full[i] = new Cylinder { Angle = (short)(i * 1000) };
            for (int section = 0; section < MccParameters.Sections; section++)
            {
                full[i][section] = (1UL << MccParameters.CellsPerSection) - 1;
            }
        }

        FingerTemplate probe = FingerTemplate.FromRow(FingerRow.Write(full, full.Length));
        using GuardedMemory memory = new(Stage1Block.Bytes);

        ushort[] distances = AssertEveryWidth(memory, probe, [], "all ones against an empty block");

        Assert.All(distances, distance => Assert.Equal(Stage1Parameters.Farthest, distance));
    }

    [SkippableFact]
    public void Every_width_equals_the_plain_twin_on_fvc2002()
    {
        FingerTemplate[] templates = [.. Fvc2002.Read().Select(f => FingerTemplate.Prepare(f.View))];
        using GuardedMemory memory = new(Stage1Block.Bytes);
        for (int i = 0; i < templates.Length; i += 31)
        {
            for (int j = 0; j + Stage1Parameters.Rows <= templates.Length; j += 3 * Stage1Parameters.Rows)
            {
                AssertEveryWidth(memory, templates[i], templates[j..(j + Stage1Parameters.Rows)], $"{i} x {j}");
            }
        }
    }

    [Fact]
    public void Blocks_hold_every_finger_in_order_and_take_little_memory()
    {
        Random random = new(24);
        FingerTemplate[] rows =
            [.. Enumerable.Range(0, 203).Select(_ => RandomFingers.Template(random, random.Next(65)))];
        Stage1Blocks blocks = new();
        for (int i = 0; i < rows.Length; i++)
        {
            blocks.Append(FingerRow.Over(rows[i].Row), (ushort)(3 * i));
        }

        Stage1Probe probe = new(RandomFingers.Template(random, 50).Row);
        Assert.Equal((203 + 7) / 8, blocks.Blocks);
        ushort[] distances = new ushort[Stage1Parameters.Rows];
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<ushort> block = blocks.Block(i / Stage1Parameters.Rows);
            Stage1Scan.Distances(block, probe, distances);
            int template = i % Stage1Parameters.Rows;
            Assert.Equal(PlainStage1.Distance(probe, rows[i].Row), distances[template]);
            Assert.Equal(3 * i, Stage1Block.Tags(block)[template]);
            Assert.Equal(rows[i].Cylinders, Stage1Block.Cylinders(block)[template]);
        }

        Assert.InRange(Stage1Block.Bytes / Stage1Parameters.Rows, 1, 2048);
        Assert.InRange(blocks.Bytes, rows.Length * 1384L, 2 * rows.Length * 1384L);
    }

    private static ushort[] AssertEveryWidth(
        GuardedMemory memory, FingerTemplate probeTemplate, FingerTemplate[] rows, string what)
    {
        Span<ushort> block = MemoryMarshal.Cast<byte, ushort>(memory.Span);
        Stage1Block.Clear(block);
        Stage1Probe probe = new(probeTemplate.Row);
        for (int i = 0; i < rows.Length; i++)
        {
            Stage1Block.Put(block, i, FingerRow.Over(rows[i].Row), (ushort)i);
        }

        ushort[] distances = new ushort[Stage1Parameters.Rows];
        foreach (Stage1Level level in Enum.GetValues<Stage1Level>().Where(Stage1Levels.IsSupported))
        {
            Stage1Scan.DistancesWith(level, block, probe, distances);
            for (int i = 0; i < rows.Length; i++)
            {
                int wanted = PlainStage1.Distance(probe, rows[i].Row);
                Assert.True(
                    wanted == distances[i], $"{level}, {what}, template {i}: found {distances[i]}, wanted {wanted}");
            }
        }

        return distances;
    }
}
