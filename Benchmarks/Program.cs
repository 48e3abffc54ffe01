using System.CommandLine;
using System.CommandLine.Parsing;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Cases;
using MatchCluster.Benchmarks.Cluster;
using MatchCluster.Benchmarks.Explain;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Eyes;
using MatchCluster.Benchmarks.Images;
using MatchCluster.Benchmarks.Quality;
using MatchCluster.Benchmarks.Recall;
using MatchCluster.Benchmarks.Rotation;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Benchmarks.Served;
using MatchCluster.Benchmarks.Slaps;
using MatchCluster.Benchmarks.Tasks;
using MatchCluster.Matching.Model;
using Spectre.Console;

IBenchmark[] benchmarks =
[
    new DecodeBenchmark(),
    new ImageBenchmark(),
    new FingerPrepareBenchmark(),
    new FingerCompareBenchmark(),
    new FingerStage1Benchmark(),
    new FingerStage2Benchmark(),
    new FingerAccuracyBenchmark(),
    new IrisCompareBenchmark(),
    new IrisBlocksBenchmark("iris-exhaustive", IrisShape.D2048, 0.32),
    new IrisFastBenchmark(),
    new IrisLossBenchmark(),
    new IrisBlocksBenchmark("iris-wide", IrisShape.W16384, 0.32),
    new SynthesisBenchmark(),
    new StoreBenchmark(),
    new FeedBenchmark(),
    new PackBenchmark(),
    new SubscriptionBenchmark(),
    new LoadBenchmark(),
    new FingerSearchBenchmark(),
    new PeopleSearchBenchmark(),
    new DeduplicateBenchmark(),
    IdentifyBenchmark.Everything,
    IdentifyBenchmark.Irises,
    new ServedFastBenchmark(),
    new ClusterIdentifyBenchmark(),
];

// A redirected table must not be folded at 80 columns.
IAnsiConsole console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    console.Profile.Width = 220;
}

var root = RunCommand.Create(benchmarks, console);
root.Add(AccuracyCommand.Create(console));
root.Add(DetCommand.Create(console));
root.Add(EncodeIrisesCommand.Create(console));
root.Add(IrisAccuracyCommand.Create(console));
root.Add(IrisRejectionCommand.Create(console));
root.Add(IrisLooksCommand.Create(console));
root.Add(CalibrateCommand.Create(console));
root.Add(ExplainCommand.Create(console));
root.Add(ExtractCommand.Create(console));
root.Add(RecallCommand.Create(console));
root.Add(FuzzImagesCommand.Create(console));
root.Add(RotationCommand.Create(console));
root.Add(QualityCommand.Create());
root.Add(RejectionCommand.Create(console));
root.Add(SlapsCommand.Create(console));
root.Add(ServedCommand.Create(console));
root.Add(TasksCommand.Create(console));
ParseResult parsed;
try
{
    parsed = root.Parse(args);
}
catch (InvalidOperationException wrong)
{
    // A validator asked for the number of a text that is none; the library names both.
    await Console.Error.WriteLineAsync(wrong.Message);
    return RunCommand.Misused;
}

if (parsed.Errors.Count == 0)
{
    // A run that is stopped still shows what it has: the case that is running is finished first.
    try
    {
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
            EnableDefaultExceptionHandler = false,
        });
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        // A file or folder that was named cannot be read or written; the message names it.
        await Console.Error.WriteLineAsync(e.Message);
        return RunCommand.Misused;
    }
}

// One line each and not the whole help: what is wrong must not scroll away.
foreach (ParseError error in parsed.Errors)
{
    await Console.Error.WriteLineAsync(error.Message);
}

return RunCommand.Misused;
