using System.CommandLine;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>How the committed score curves were made, and whether they hold.</summary>
internal static class CalibrateCommand
{
    public static Command Create(IAnsiConsole console) =>
        new("calibrate", "Fits the score curves that are committed and says how they hold.")
        {
            FingerCalibrationCommand.Create(console),
            InstallationCommand.Create(console, TimeProvider.System),
            SearchCalibrationCommand.Create(console),
            EvidenceWeightCommand.Create(console),
            RidgeWeightCommand.Create(console),
            IrisCalibrationCommand.Create(console),
            OddsCommand.Create(console),
            FusionCommand.Create(console),
        };
}
