using MatchCluster.Benchmarks.Runner;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>What is measured of searches over a <see cref="ScanGallery"/>.</summary>
internal static class SearchMeasures
{
    private const int Batch = 8;
    private const int Enrolled = 100;
    private static readonly int[] People = [10_000, 100_000, 1_000_000];

    private static readonly (string Name, ScanAsked How)[] Asked =
    [
        ("threshold 30", new ScanAsked(30)),
        ("threshold 40", new ScanAsked(40)),
        ("FPIR 1 %", new ScanAsked(0, 0.01)),
    ];

    /// <summary>Rates by size of the gallery, up to what was asked for.</summary>
    public static void Sizes(
        BenchmarkContext context, ScanGallery gallery, string what, string metric, int fingersAsked,
        int most = int.MaxValue)
    {
        most = Math.Min(most, context.People(100_000, 300));
        foreach (int size in People.Where(size => size < most).Append(most))
        {
            gallery.Grow(size);
            string name = $"{size:#,0} {what}";
            ScanTotal total = gallery.ScanAll(Batch);
            int first = 0;
            context.Rate(
                $"{name}, batch {Batch}",
                metric,
                "1/s",
                (long)size * Batch * fingersAsked,
                total.Hash,
                () => gallery.Scan(first += Batch, Batch));
            context.Add(name, "penetration", total.Penetration, "1", "none", total.Hash.Hex);
            context.Add(name, "mated_found", total.Found / (double)total.Asked, "1", "none", total.Hash.Hex);
            context.Add(
                name, "recall_of_exhaustive", total.Found / (double)Math.Max(1, gallery.FoundByExhaustive()), "1",
                "none");
            context.Add(name, "bytes_per_finger", gallery.BytesPerFinger, "B", "none");
            if (size == most)
            {
                context.Rate(
                    $"{name}, alone",
                    metric,
                    "1/s",
                    (long)size * fingersAsked,
                    total.Hash,
                    () => gallery.Scan(first++, 1));
            }

            if (size == People[0] || context.Smoke)
            {
                Exhaustive(context, gallery, name, total);
            }
        }
    }

    /// <summary>Rates of one gallery by what is asked for.</summary>
    public static void Thresholds(BenchmarkContext context, ScanGallery gallery, string what, string metric)
    {
        foreach ((string asked, ScanAsked how) in Asked)
        {
            gallery.Asked = how;
            string name = $"{gallery.Count:#,0} {what}, {asked}";
            ScanTotal total = gallery.ScanAll(Batch);
            int first = 0;
            context.Rate(
                $"{name}, batch {Batch}", metric, "1/s", gallery.Count * Batch, total.Hash,
                () => gallery.Scan(first += Batch, Batch));
            context.Add(name, "penetration", total.Penetration, "1", "none", total.Hash.Hex);
        }
    }

    /// <summary>Searches among which people are enrolled: what is new is searched like everything else.</summary>
    public static void WhileEnrolling(
        BenchmarkContext context, ScanGallery gallery, string metric, int fingersAsked)
    {
        long size = gallery.Count;
        int first = 0;
        context.Rate(
            $"{size:#,0} and {Enrolled} new ones a pass, batch {Batch}",
            metric,
            "1/s",
            size * Batch * fingersAsked,
            default,
            () =>
            {
                gallery.EnrolStrangers(Enrolled);
                gallery.Scan(first += Batch, Batch);
            });
    }

    /// <summary>An exhaustive search of everybody, where that takes seconds.</summary>
    private static void Exhaustive(BenchmarkContext context, ScanGallery gallery, string name, ScanTotal screened)
    {
        ScanTotal all = gallery.ScanAll(Batch, exhaustive: true);
        context.MustHold($"{name}: exhaustive search finds who reaches the threshold alone",
            all.Found == gallery.FoundByExhaustive());
        context.MustHold($"{name}: the first stage finds nobody whom an exhaustive search does not find",
            screened.Found <= all.Found);
    }
}
