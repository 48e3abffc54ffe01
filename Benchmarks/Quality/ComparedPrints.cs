using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Quality;
using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Benchmarks.Quality;

/// <summary>A print of a set with its quality.</summary>
internal sealed record ComparedPrint(string Set, int Finger, int Impression, JudgedPrint Judged);

/// <summary>A comparison of two prints.</summary>
internal readonly record struct PrintComparison(ComparedPrint First, ComparedPrint Second, double Score)
{
    public bool IsMated => First.Finger == Second.Finger;
}

/// <summary>The prints of one set, or of several, and every comparison within a set.</summary>
internal sealed record ComparedPrints(
    string Name, IReadOnlyList<ComparedPrint> Prints, IReadOnlyList<PrintComparison> Comparisons,
    double OwnMilliseconds, double NfiqMilliseconds)
{
    /// <summary>Judges and compares the prints of a set.</summary>
    /// <exception cref="InvalidDataException">A record has no image beside it, or one that cannot be read.</exception>
    public static ComparedPrints Of(
        IReadOnlyList<PreparedImpression> set, StatedPpi? ppi, QualityForest? forest)
    {
        ComparedPrint[] prints = [.. set.Select(it => new ComparedPrint(
            it.Impression.Set, it.Impression.Finger, it.Impression.Impression, Judge(it, ppi, forest)))];
        List<PrintComparison> comparisons = [];
        var scratch = new FingerScratch();
        for (int i = 0; i < set.Count; i++)
        {
            for (int j = i + 1; j < set.Count; j++)
            {
                comparisons.Add(new PrintComparison(
                    prints[i], prints[j], FvcProtocol.Score(set[j], set[i], scratch)));
            }
        }

        (double own, double nfiq) = Times(prints, forest);
        return new ComparedPrints(set[0].Impression.Set, prints, comparisons, own, nfiq);
    }

    public static ComparedPrints Pool(IReadOnlyList<ComparedPrints> sets) => new(
        "all", [.. sets.SelectMany(it => it.Prints)], [.. sets.SelectMany(it => it.Comparisons)],
        Median(sets.Select(it => it.OwnMilliseconds)), Median(sets.Select(it => it.NfiqMilliseconds)));

    private static JudgedPrint Judge(PreparedImpression print, StatedPpi? ppi, QualityForest? forest)
    {
        string path = print.Impression.Path;
        string image = JudgedPrint.ImageEndings.Select(ending => Path.ChangeExtension(path, ending))
            .FirstOrDefault(File.Exists)
            ?? throw new InvalidDataException($"found no image beside {path}, wanted one of the same name");
        Decoded<JudgedPrint> judged = JudgedPrint.Read(image, ppi?.Of(image), forest);
        return judged.IsAccepted ? judged.Value : throw new InvalidDataException($"{image}: {judged.Rejection}");
    }

    /// <summary>Median milliseconds of the processor for extraction and reason, and for NFIQ 2's score.</summary>
    private static (double Own, double Nfiq) Times(ComparedPrint[] prints, QualityForest? forest)
    {
        NfiqEdition edition = forest?.Edition ?? NfiqEdition.Version23;
        FingerExtractor extractor = new();
        List<double> own = [];
        List<double> nfiq = [];
        foreach (ComparedPrint print in prints)
        {
            GrayImage image = print.Judged.Image;
            IReadOnlyList<Minutia> minutiae = print.Judged.Minutiae ?? [];
            own.Add(Time(() =>
            {
                FingerExtraction found = extractor.Extract(image, PrintPreparation.Ppi);
                PoorPrint.ReasonOf(image, found.Quality, found.Minutiae.Count);
            }));
            nfiq.Add(Time(() =>
            {
                Decoded<NfiqMeasures> measures = NfiqMeasures.Of(image, minutiae, edition);
                if (measures.IsAccepted)
                {
                    forest?.Score(measures.Value);
                }
            }));
        }

        return (Median(own), Median(nfiq));
    }

    private static double Time(Action work)
    {
        double begin = ThreadClock.Seconds();
        work();
        return (ThreadClock.Seconds() - begin) * 1000;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
