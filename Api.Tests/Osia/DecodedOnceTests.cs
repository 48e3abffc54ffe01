using MatchCluster.Api.Demo;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests.Osia;

/// <summary>
/// The door decodes each template, and nobody after it does so again. What was sent is overwritten once the door has
/// read it: whoever looked at it again would reject it.
/// </summary>
public sealed class DecodedOnceTests
{
    private static readonly SearchBudget Budget = SearchBudget.Of(TimeSpan.FromMinutes(1));

    [Fact]
    public void What_came_through_the_door_is_compared_and_explained_as_the_door_decoded_it()
    {
        Probe untouched = ProbeBuilder.Build(Read(overwrites: false)).Value!;
        double wanted = PairComparison.Compare(untouched, Read(overwrites: false), 0, Budget).Value!.Score;

        List<Sample> samples = Read(overwrites: true);
        Probe probe = ProbeBuilder.Build(samples).Value!;
        Assert.Equal(wanted, PairComparison.Compare(probe, samples, 0, Budget).Value!.Score);
        CandidateExplanation explained = CandidateExplanation.Of(samples, samples, Budget).Value!;
        Assert.Equal((2, 1), (explained.Fingers.Count, explained.Irises.Count));
    }

    [Fact]
    public void The_samples_of_an_encounter_keep_it_too()
    {
        IReadOnlyList<OsiaBiometricData> items = new DemoPeople(only: null).Probe(7).BiometricData!;
        Parsed<Encounter> read = EncounterReader.Read(
            new OsiaEncounter
            {
                Status = StatusWord.Active,
                EncounterType = "T",
                Galleries = ["G"],
                BiometricData = items,
            },
            "P", "E", DateTimeOffset.UnixEpoch, new NotStored());
        Overwrite(items);
        Assert.True(ProbeBuilder.Build(read.Value!.Samples).IsAccepted);
    }

    private static List<Sample> Read(bool overwrites)
    {
        IReadOnlyList<OsiaBiometricData> items = new DemoPeople(only: null).Probe(7).BiometricData!;
        List<Sample> samples = BiometricDataReader.Read(items, "biometricData", new NotStored()).Value!;
        Assert.Equal(3, samples.Count);
        if (overwrites)
        {
            Overwrite(items);
            Assert.All(samples, sample => Assert.False(
                SampleDecoder.Read(sample with { Template = sample.Template.ToArray() }).IsAccepted));
        }

        return samples;
    }

    private static void Overwrite(IReadOnlyList<OsiaBiometricData> items)
    {
        foreach (OsiaBiometricData item in items)
        {
            item.Template!.AsSpan().Clear();
        }
    }
}
