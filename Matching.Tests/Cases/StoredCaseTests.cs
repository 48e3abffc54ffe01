using System.Text;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Cases;

/// <summary>What of a case is on the disk, and what is gone from it.</summary>
public sealed class StoredCaseTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The stored text of a case; frozen, because older cases are read by newer versions.</summary>
    private const string Golden =
        """
        {"id":"C-1","version":2,"opened":"2026-11-30T12:00:00+00:00","expires":"2026-12-30T12:00:00+00:00","partner":
        "border-a","agreement":{"id":"border-a-2026","version":3},"purpose":"border-entry","gallery":"watchlist",
        "release":"scores","threshold":40,"engine":"matchcluster/0.1.0","calibration":"fingers-3",
        "probe":{"key":"AQI=","hash":"AwQ="},"candidates":[{"rank":1,"personId":"P-1",
        "score":57.25,"encounters":[{"encounterId":"E-1","galleries":["watchlist"]}],"decisions":[
        {"verdict":"inconclusive","reason":"too dry","partner":"police-c","subject":"anna",
        "decidedAt":"2026-11-30T13:00:00+00:00"}]}]}
        """;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void The_text_of_a_case_is_frozen()
    {
        string golden = string.Concat(Golden.Split('\n', StringSplitOptions.TrimEntries));
        Case one = new()
        {
            Id = "C-1",
            Version = 2,
            Opened = Now,
            Expires = Now.AddDays(30),
            Partner = "border-a",
            Agreement = new AgreementRef("border-a-2026", 3),
            Purpose = "border-entry",
            Gallery = "watchlist",
            Release = ReleaseProfile.Scores,
            Threshold = 40,
            Engine = "matchcluster/0.1.0",
            Calibration = "fingers-3",
            Probe = new ProbeMark([1, 2], [3, 4]),
            Candidates =
            [
                new CaseCandidate
                {
                    Rank = 1,
                    PersonId = "P-1",
                    Score = 57.25,
                    Encounters = [new CaseEncounter("E-1", ["watchlist"])],
                    Decisions =
                        [new CaseDecision(Verdict.Inconclusive, "too dry", "police-c", "anna", Now.AddHours(1))],
                },
            ],
        };

        Assert.Equal(golden, Encoding.UTF8.GetString(CaseJson.Document(one).Json.Span));
        Case read = CaseJson.Read(new GovernanceDocument("case", "C-1", 2, Encoding.UTF8.GetBytes(golden)));
        Assert.Equal(golden, Encoding.UTF8.GetString(CaseJson.Document(read).Json.Span));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"C-1"}""")]
    [InlineData("x")]
    public void A_damaged_case_is_named(string text) => Assert.Contains("C-1", Assert.Throws<StoreException>(
        () => CaseJson.Read(new GovernanceDocument("case", "C-1", 1, Encoding.UTF8.GetBytes(text)))).Message);

    [Fact]
    public void The_bytes_of_a_probe_are_frozen() => Assert.Equal(
        "0101020103" + "010069" + "05" + "03000000" + "0A0B0C",
        Convert.ToHexString(ProbeCodec.Encode(
        [
            new Sample
            {
                Position = BiometricPosition.OfFinger(2),
                Format = TemplateFormat.Iso19794v2005,
                Instance = "i",
                Quality = 5,
                Template = new byte[] { 10, 11, 12 },
            },
        ])));

    [Fact]
    public async Task A_probe_is_kept_over_a_restart_and_its_bytes_are_gone_when_its_time_ends()
    {
        IReadOnlyList<Sample> probe = Samples(1, [2], [1], 0);
        await using (SqliteCaseSamples store = SqliteCaseSamples.Open(directory))
        {
            await store.PutAsync("C-1", "visa", probe, Now.AddDays(1), default);
            await store.PutAsync("C-2", "visa", Samples(2, [3], [], 0), Now.AddDays(2), default);
        }

        await using SqliteCaseSamples again = SqliteCaseSamples.Open(directory);
        IReadOnlyList<Sample> read = (await again.ReadAsync("C-1", Now, default))!;
        Assert.Equal(probe.Select(Told), read.Select(Told));
        Assert.True(IsOnDisk(probe[0]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(directory, SqliteCaseSamples.Name)));
        }

        Assert.Null(await again.ReadAsync("C-1", Now.AddDays(1), default));
        Assert.Equal(0, await again.PurgeAsync(Now.AddDays(1).AddMilliseconds(-1), default));
        Assert.Equal(1, await again.PurgeAsync(Now.AddDays(1), default));
        Assert.False(IsOnDisk(probe[0]));
        Assert.NotNull(await again.ReadAsync("C-2", Now.AddDays(1), default));
        await again.DeleteAsync("C-2", default);
        Assert.Null(await again.ReadAsync("C-2", Now, default));

        static (BiometricPosition, TemplateFormat, string) Told(Sample sample) =>
            (sample.Position, sample.Format, Convert.ToHexString(sample.Template.Span));
    }

    private bool IsOnDisk(Sample sample)
    {
        ReadOnlyMemory<byte> window = sample.Template.Slice(sample.Template.Length / 2, 16);
        return Directory.EnumerateFiles(directory).Any(file =>
        {
            using FileStream open = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[open.Length];
            open.ReadExactly(bytes);
            return bytes.AsSpan().IndexOf(window.Span) >= 0;
        });
    }
}
