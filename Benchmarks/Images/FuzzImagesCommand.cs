using System.CommandLine;
using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Images;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Images;

/// <summary>
/// Decodes changed files of every format for as long as asked: the tests do so for a second. A decoder that throws ends
/// the run with the line that repeats it.
/// </summary>
internal static class FuzzImagesCommand
{
    private const int Failed = 1;
    private const double BytesPerMb = 1e6;

    public static Command Create(IAnsiConsole console)
    {
        var count = new Option<int>("--count")
        {
            Description = "Changed files of each kind.",
            DefaultValueFactory = _ => 10_000,
        };
        var seed = new Option<int>("--seed")
        {
            Description = "Gives the same files again.",
            DefaultValueFactory = _ => 1,
        };
        var kind = new Option<string?>("--kind") { Description = "One kind of file instead of all." };
        var command = new Command("fuzz-images", "Decodes changed pictures; what throws is a fault.")
        {
            count, seed, kind,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(kind), parsed.GetValue(count), parsed.GetValue(seed), console));
        return command;
    }

    private static int Run(string? only, int count, int seed, IAnsiConsole console)
    {
        string[] names = [.. PictureFiles.All.Select(file => file.Name).Where(name => only is null || name == only)];
        if (names.Length == 0)
        {
            Console.Error.WriteLine(
                $"--kind: wanted one of {string.Join(", ", PictureFiles.All.Select(file => file.Name))}");
            return RunCommand.Misused;
        }

        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("kind", "files", "pictures", "worst ms", "worst MB allocated", "us each");
        foreach (string name in names)
        {
            if (Fuzz(name, count, seed, table) is { } broken)
            {
                Console.Error.WriteLine(broken);
                return Failed;
            }
        }

        console.Write(table);
        console.WriteLine(
            $"{(long)count * names.Length} files, peak of the process "
            + $"{Process.GetCurrentProcess().PeakWorkingSet64 / BytesPerMb:0} MB");
        return 0;
    }

    private static string? Fuzz(string name, int count, int seed, Table table)
    {
        PictureFuzzer fuzzer = new(name, seed);
        int pictures = 0;
        TimeSpan worst = default;
        TimeSpan total = default;
        long most = 0;
        ImageDecoder.Decode(PictureFiles.Of(name));
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = fuzzer.Next();
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            try
            {
                Decoded<GrayImage> decoded = ImageDecoder.Decode(bytes);
                pictures += decoded.IsAccepted ? 1 : 0;
                if (decoded.IsAccepted
                    && decoded.Value.Pixels.Length != decoded.Value.Width * decoded.Value.Height)
                {
                    return $"{name}: a picture of a wrong length; fuzz-images --kind {name} --seed {seed}, file {i}";
                }
            }
            catch (Exception thrown)
            {
                return $"{name}: {thrown}; fuzz-images --kind {name} --seed {seed}, file {i}";
            }

            TimeSpan took = Stopwatch.GetElapsedTime(start);
            total += took;
            worst = took > worst ? took : worst;
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - allocated);
        }

        table.AddRow(
            name, $"{count}", $"{pictures}", $"{worst.TotalMilliseconds:0.0}", $"{most / BytesPerMb:0.0}",
            $"{total.TotalMicroseconds / count:0}");
        return null;
    }
}
