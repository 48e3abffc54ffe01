using MatchCluster.Grains.Members;
using MatchCluster.Matching.Scores;
using Microsoft.Extensions.Configuration;

namespace MatchCluster.Grains.Tests.Hosts;

/// <summary>What a member is told to score by, as an option or a setting.</summary>
public sealed class CalibrationSettingsTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void A_member_scores_by_the_committed_curves_a_margin_or_a_file()
    {
        FingerCalibrationFile site = FingerCalibrationFile.Of(
            "site", DateTimeOffset.UnixEpoch, 10, new CalibrationError(0.5, 0.1), FingerCalibration.Curves);
        File.WriteAllText(file, site.ToJson());

        Assert.Equal(ScoreCalibration.Default.Id, Read(null, null).Id);
        Assert.Equal(ScoreCalibration.Default.WithMargin(1.5).Id, Read(null, "1.5").Id);
        Assert.Equal(site.ToCalibration().Id, Read(file, null).Id);
        Assert.Equal(site.ToCalibration(2).Id, Read(file, "2").Id);
    }

    [Theory]
    [InlineData(null, "3.1", "--calibration-margin (MatchCluster:CalibrationMargin): found '3.1', wanted 0 to 3")]
    [InlineData(null, "-1", "found '-1'")]
    [InlineData(null, "NaN", "found 'NaN'")]
    [InlineData(null, "1e0", "found '1e0'")]
    [InlineData("no-such-file.json", null, "--calibration (MatchCluster:Calibration): found no file no-such-file.json")]
    public void A_wrong_one_is_named_and_the_member_does_not_start(string? path, string? margin, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<StartRefusedException>(() => Read(path, margin)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_holds_no_curves_is_named()
    {
        File.WriteAllText(file, "{}");

        string refused = Assert.Throws<StartRefusedException>(() => Read(file, null)).Message;

        Assert.Contains($"{file} is no calibration file", refused, StringComparison.Ordinal);
    }

    private static ScoreCalibration Read(string? path, string? margin) => MemberOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [MemberKeys.Redis] = "127.0.0.1:1",
            [MemberKeys.Calibration] = path,
            [MemberKeys.CalibrationMargin] = margin,
        }).Build(),
        defaultName: "a").Calibration;
}
