"""The columns of `bench_features run`, by pandas.

    features_pandas.py BARS.csv

Prints the processor's seconds they took, without reading the file, then each column's
count and sum.
"""

import sys
import time

import numpy as np
import pandas as pd


def seeded(values, period, alpha, first=0):
    """An exponential mean begun with the simple one of `period` values."""
    begun = values.copy()
    at = first + period - 1
    begun.iloc[:at] = float("nan")
    begun.iloc[at] = values.iloc[first : at + 1].mean()
    return begun.ewm(alpha=alpha, adjust=False).mean()


def ema(values, period, first=0):
    return seeded(values, period, 2 / (period + 1), first)


def wilder(values, period, first=0):
    return seeded(values, period, 1 / period, first)


def columns(bars):
    close, high, low, volume = bars.close, bars.high, bars.low, bars.volume
    x = {}
    change = close.diff()
    gain = wilder(change.clip(lower=0), 14, 1)
    loss = wilder(-change.clip(upper=0), 14, 1)
    x["rsi"] = 100 - 100 / (1 + gain / loss)
    x["ema_12"] = ema(close, 12)
    x["ema_26"] = ema(close, 26)
    line = x["ema_12"] - x["ema_26"]
    signal = ema(line, 9, 25)
    x["macd_line"] = line.where(signal.index >= 34)
    x["macd_signal"] = signal.where(signal.index >= 34)
    x["macd_histogram"] = x["macd_line"] - x["macd_signal"]
    for days in (20, 50, 200):
        x[f"sma_{days}"] = close.rolling(days).mean()
        x[f"price_vs_sma{days}"] = close / x[f"sma_{days}"] - 1
    reach = 2 * close.rolling(20).std(ddof=0)
    x["bollinger_upper"] = x["sma_20"] + reach
    x["bollinger_lower"] = x["sma_20"] - reach
    x["bollinger_width"] = 2 * reach / x["sma_20"]
    x["current_price"] = close
    for days in (1, 5, 20):
        x[f"price_change_{days}d"] = close / close.shift(days) - 1
    x["daily_range"] = (high - low) / close
    before = close.shift(1)
    ranges = np.maximum(high, before) - np.minimum(low, before)
    x["atr_14"] = wilder(ranges, 14, 1)
    returns = x["price_change_1d"]
    x["volatility_20d"] = returns.rolling(20).std()
    mean_volume = volume.rolling(20).mean()
    x["volume"] = volume.where(mean_volume.notna())
    x["volume_sma20"] = mean_volume
    x["volume_ratio"] = volume / mean_volume
    x["on_balance_volume"] = (np.sign(change) * volume).rolling(20).sum()
    x["volume_price_trend"] = (volume * returns).rolling(20).sum()
    return pd.DataFrame(x)


bars = pd.read_csv(sys.argv[1])
start = time.process_time()
result = columns(bars)
print(f"seconds {time.process_time() - start:.6f}")
for name in result:
    print(name, result[name].count(), repr(result[name].sum()))
