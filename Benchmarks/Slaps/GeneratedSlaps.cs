using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Extraction;
using MatchCluster.Matching.Extraction.Slaps;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Benchmarks.Slaps;

/// <summary>What came of the pictures of one kind.</summary>
/// <param name="Kind">The trouble that they were drawn with.</param>
/// <param name="Pictures">How many.</param>
/// <param name="Right">All fingers found where they are and rightly named.</param>
/// <param name="Refused">Refused with a reason.</param>
/// <param name="Milliseconds">CPU time of segmentation, sorted.</param>
/// <param name="Faults">What is wrong with the others, by picture.</param>
internal sealed record KindResult(
    string Kind, int Pictures, int Right, int Refused, IReadOnlyList<double> Milliseconds,
    IReadOnlyList<string> Faults);

/// <summary>Draws pictures of several fingers with a kind of trouble and compares what is found in them.</summary>
internal sealed class GeneratedSlaps(ulong seed, int people, DirectoryInfo? drawings)
{
    /// <summary>The pictures of one kind, several at a time.</summary>
    public KindResult Run(string kind, Func<StableRandom, SlapView> viewOf)
    {
        List<double> times = [];
        SortedList<int, string> faults = [];
        int refused = 0;
        Parallel.For(
            0,
            people,
            () => new SlapSegmenter(),
            (person, _, segmenter) =>
            {
                ulong own = StableRandom.Derive(seed, (ulong)person);
                SlapView view = viewOf(new StableRandom(StableRandom.Derive(own, 5)));
                DrawnSlap drawn = new SyntheticSlap(own).Take(view);
                GrayImage picture = Resampling.ToPpi(drawn.Image, view.Ppi, FingerExtractor.WorkingPpi);
                SlapRequest request = new(SlapPositions.FromLeft(view.Code)!) { Missing = view.Missing };
                double start = ThreadClock.Seconds();
                SlapSegmentation found = segmenter.Segment(picture, request);
                double milliseconds = 1000 * (ThreadClock.Seconds() - start);
                string? fault = SlapTruth.FaultOf(AtWorkingPpi(drawn, view.Ppi), 500, found);
                lock (times)
                {
                    times.Add(milliseconds);
                    if (fault is not null)
                    {
                        faults.Add(person, $"{person}: {fault}");
                        refused += found.Failure is null ? 0 : 1;
                    }
                }

                Draw($"{kind}-{person}{(fault is null ? "" : "-wrong")}", picture, found);
                return segmenter;
            },
            _ => { });
        times.Sort();
        return new KindResult(kind, people, people - faults.Count, refused, times, [.. faults.Values]);
    }

    private static DrawnSlap AtWorkingPpi(DrawnSlap drawn, int ppi)
    {
        double scale = 500.0 / ppi;
        return drawn with
        {
            Fingers =
            [
                .. drawn.Fingers.Select(finger => new DrawnFinger(
                    finger.Finger, finger.TipX * scale, finger.TipY * scale, finger.JointX * scale,
                    finger.JointY * scale, finger.Width * scale)),
            ],
        };
    }

    private void Draw(string name, GrayImage picture, SlapSegmentation found)
    {
        if (drawings is not null)
        {
            drawings.Create();
            string file = name.Replace(' ', '-').Replace(',', '_') + ".png";
            File.WriteAllBytes(Path.Combine(drawings.FullName, file), SlapPlot.Png(picture, found));
        }
    }
}
