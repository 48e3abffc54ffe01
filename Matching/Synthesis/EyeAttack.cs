using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Synthesis;

/// <summary>
/// Pictures of what may be held before a camera instead of an eye: a halftone print, a screen, a printed contact lens.
/// They are drawn, so that rates measured with them say what the signs can do at best.
/// </summary>
public static class EyeAttack
{
    /// <summary>A halftone print of a picture.</summary>
    /// <param name="eye">The picture.</param>
    /// <param name="period">Pixels between the rows of dots as the camera sees them.</param>
    /// <param name="turns">Direction of the rows, in turns; prints have 1/8.</param>
    /// <param name="seen">How much of the dots the camera resolves, 0 to 1.</param>
    public static GrayImage Printed(GrayImage eye, double period, double turns, double seen)
    {
        ArgumentNullException.ThrowIfNull(eye);
        (double cos, double sin) = (StableMath.Cos(turns) / period, StableMath.Sin(turns) / period);
        return Changed(eye, (x, y, value) =>
        {
            // A dot grows with the darkness of its place (a screen of cosines).
            double screen = (StableMath.Cos((x * cos) + (y * sin)) + StableMath.Cos((y * cos) - (x * sin))) / 2;
            double dots = value / 255 > 0.5 - (0.5 * screen) ? 235 : 25;
            return (value * (1 - seen)) + (dots * seen);
        });
    }

    /// <summary>A picture on a display: its pixels have dark gaps.</summary>
    /// <param name="eye">The picture.</param>
    /// <param name="period">Pixels of the camera in one of the display's.</param>
    /// <param name="turns">By how much the display is turned.</param>
    /// <param name="gap">Darkness of the gaps as the camera resolves them, 0 to 1.</param>
    public static GrayImage OnScreen(GrayImage eye, double period, double turns, double gap)
    {
        ArgumentNullException.ThrowIfNull(eye);
        (double cos, double sin) = (StableMath.Cos(turns) / period, StableMath.Sin(turns) / period);
        return Changed(eye, (x, y, value) =>
        {
            double across = 1 + StableMath.Cos((x * cos) + (y * sin));
            double down = 1 + StableMath.Cos((y * cos) - (x * sin));
            return value * (1 - (gap * (4 - (across * down)) / 4));
        });
    }

    /// <summary>An eye under a contact lens with a printed ring of dots.</summary>
    /// <param name="eye">The picture.</param>
    /// <param name="view">Where its iris lies.</param>
    /// <param name="inner">Inner radius of the print, in radii of the iris.</param>
    /// <param name="dark">Grey values by which the print is darker; negative where it is lighter.</param>
    public static GrayImage UnderLens(GrayImage eye, EyeView view, double inner, double dark)
    {
        ArgumentNullException.ThrowIfNull(eye);
        ArgumentNullException.ThrowIfNull(view);
        return Changed(eye, (x, y, value) =>
        {
            double across = (x - view.X) / view.Radius;
            double up = (view.Y - y) / view.Radius;
            double distance = Math.Sqrt((across * across) + (up * up));
            bool isOpen = up < view.UpperLid - (0.3 * across * across) && up > (0.25 * across * across) - view.LowerLid;
            if (!isOpen || distance < inner || distance > 1.05)
            {
                return value;
            }

            // Dots along rings, as such lenses are printed.
            double turns = StableMath.Atan2(up, across);
            double dots = StableMath.Cos(60 * turns) * StableMath.Cos(distance * 12);
            return value - (dark * (0.7 + (0.6 * dots)));
        });
    }

    private static GrayImage Changed(GrayImage eye, Func<int, int, double, double> value)
    {
        byte[] pixels = eye.Pixels.ToArray();
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp((int)Math.Round(value(i % eye.Width, i / eye.Width, pixels[i])), 0, 255);
        }

        return eye with { Pixels = pixels };
    }
}
