using System.Globalization;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Grains.Members;

/// <summary>What fingers are scored by, as an operator sets it: a file of curves and a margin.</summary>
public static class CalibrationSettings
{
    /// <summary>Reads both settings.</summary>
    /// <param name="file">A <see cref="FingerCalibrationFile"/>; null or empty takes the committed curves.</param>
    /// <param name="margin">
    /// Standard errors as text, 0..<see cref="ScoreCalibration.MostMargin"/>; null takes 0.
    /// </param>
    /// <param name="labelOf">What a message calls the setting of a key (<see cref="MemberKeys"/>).</param>
    /// <exception cref="StartRefusedException">The message says what was found and what was wanted.</exception>
    public static ScoreCalibration Read(string? file, string? margin, Func<string, string> labelOf)
    {
        ArgumentNullException.ThrowIfNull(labelOf);
        double errors = 0;
        if (margin is not null
            && !(double.TryParse(margin, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out errors)
                && errors <= ScoreCalibration.MostMargin))
        {
            throw new StartRefusedException(
                $"{labelOf(MemberKeys.CalibrationMargin)}: found '{margin}', wanted 0 to "
                + $"{ScoreCalibration.MostMargin} standard errors");
        }

        try
        {
            return ScoreCalibration.Load(file, errors);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{labelOf(MemberKeys.Calibration)}: {wrong.Message}", wrong);
        }
    }
}
