using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// FAISS' exact binary index over as many bits, where Python has it (Debian: python3-faiss). It knows no masks and no
/// rotations: a comparison is as many of its distances as there are rotations.
/// </summary>
internal static class FaissPeer
{
    private const int Eyes = 16_384;
    private const int Probes = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The system's own Python first: a package of the distribution is seen by no other.</summary>
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3"];

    // Arguments: bits, eyes, probes times rotations, seconds. Prints the best rate of distances per second of CPU time.
    private const string Script = """
        import sys, time
        import numpy, faiss
        bits, eyes, probes, seconds = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
        faiss.omp_set_num_threads(1)
        dice = numpy.random.RandomState(1)
        index = faiss.IndexBinaryFlat(bits)
        index.add(dice.randint(0, 256, (eyes, bits // 8)).astype('uint8'))
        asked = dice.randint(0, 256, (probes, bits // 8)).astype('uint8')
        best, end = 0.0, time.time() + seconds
        while True:
            before = time.process_time()
            index.search(asked, 1)
            best = max(best, eyes * probes / max(time.process_time() - before, 1e-9))
            if time.time() > end:
                break
        print(best)
        """;

    public static void Measure(BenchmarkContext context, IrisShape shape, int rotations)
    {
        int turns = (2 * rotations) + 1;
        string[] arguments =
        [
            "-c", Script, $"{shape.Bits}", $"{context.Size(Eyes, 64)}", $"{Probes * turns}",
            context.Budget.TotalSeconds.ToString(CultureInfo.InvariantCulture),
        ];
        string? text = Pythons.Select(python => Output(python, arguments)).FirstOrDefault(output => output is not null);
        if (text is not null
            && double.TryParse(text, CultureInfo.InvariantCulture, out double distances))
        {
            context.Add(
                $"{turns} rotations, FAISS IndexBinaryFlat, no masks", "comparisons_per_s_core", distances / turns,
                "1/s", "process-cpu");
        }
        else
        {
            context.Progress("FAISS is not installed here (python3-faiss): left out");
        }
    }

    private static string? Output(string executable, string[] arguments)
    {
        try
        {
            using Process running = Process.Start(new ProcessStartInfo(executable, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> output = running.StandardOutput.ReadToEndAsync();
            Task<string> error = running.StandardError.ReadToEndAsync();
            if (!running.WaitForExit(Patience))
            {
                running.Kill();
                return null;
            }

            _ = error.Result;
            return running.ExitCode == 0 ? output.Result : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
